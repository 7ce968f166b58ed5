import { importXcat } from '../../../domain/import/xcat.ts';
import { fallbackFlags, fileArgs, imageFlag, importFlags, type ImportAnswer, ImportCommand } from '../../import-command.ts';

export default class ImportXcatCommand extends ImportCommand {
  static override summary = 'Bring a site along from xCAT: stanzas of lsdef -z, or tables of tabdump.';
  static override examples = ['luna import xcat site.stanza --dry-run', 'luna import xcat nodelist.csv mac.csv hosts.csv ipmi.csv networks.csv --osimage compute'];
  static override args = fileArgs;
  static override flags = { ...fallbackFlags, ...imageFlag, ...importFlags };

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(ImportXcatCommand);
    const files = await this.texts(args.files);
    return this.bring(importXcat(files, await this.context(flags)), flags);
  }
}
