import { importGenders } from '../../../domain/import/genders.ts';
import { fallbackFlags, fileArgs, importFlags, type ImportAnswer, ImportCommand } from '../../import-command.ts';

export default class ImportGendersCommand extends ImportCommand {
  static override summary = 'Bring nodes along from a genders file.';
  static override examples = ['luna import genders genders -g compute --dry-run'];
  static override args = fileArgs;
  static override flags = { ...fallbackFlags, ...importFlags };

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(ImportGendersCommand);
    const files = await this.texts(args.files);
    return this.bring(importGenders(files.map(({ text }) => text).join('\n'), await this.context(flags)), flags);
  }
}
