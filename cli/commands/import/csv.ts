import { importCsv } from '../../../domain/import/csv.ts';
import { fallbackFlags, fileArgs, importFlags, type ImportAnswer, ImportCommand } from '../../import-command.ts';

export default class ImportCsvCommand extends ImportCommand {
  static override summary = 'Bring nodes along from a table: name,group,mac,ip,bmcip,switch,port,comment.';
  static override examples = ['luna import csv nodes.csv', 'luna import csv nodes.csv -g compute --dry-run'];
  static override args = fileArgs;
  static override flags = { ...fallbackFlags, ...importFlags };

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(ImportCsvCommand);
    const files = await this.texts(args.files);
    return this.bring(importCsv(files.map(({ text }) => text).join('\n'), await this.context(flags)), flags);
  }
}
