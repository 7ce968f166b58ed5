import { importWarewulf } from '../../../domain/import/warewulf.ts';
import { fallbackFlags, fileArgs, imageFlag, importFlags, type ImportAnswer, ImportCommand } from '../../import-command.ts';

export default class ImportWarewulfCommand extends ImportCommand {
  static override summary = 'Bring a site along from Warewulf 4: nodes.conf.';
  static override examples = ['luna import warewulf nodes.conf --dry-run'];
  static override args = fileArgs;
  static override flags = { ...fallbackFlags, ...imageFlag, ...importFlags };

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(ImportWarewulfCommand);
    const files = await this.texts(args.files);
    const { parse } = await import('yaml');
    return this.bring(importWarewulf(parse(files.map(({ text }) => text).join('\n')) as unknown, await this.context(flags)), flags);
  }
}
