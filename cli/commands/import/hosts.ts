import { importHosts } from '../../../domain/import/hosts.ts';
import { fallbackFlags, fileArgs, importFlags, type ImportAnswer, ImportCommand } from '../../import-command.ts';

export default class ImportHostsCommand extends ImportCommand {
  static override summary = 'Bring nodes and their addresses along from an /etc/hosts.';
  static override examples = ['luna import hosts hosts -g compute --dry-run'];
  static override args = fileArgs;
  static override flags = { ...fallbackFlags, ...importFlags };

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(ImportHostsCommand);
    const files = await this.texts(args.files);
    return this.bring(importHosts(files.map(({ text }) => text).join('\n'), await this.context(flags)), flags);
  }
}
