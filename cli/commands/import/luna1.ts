import { Args } from '@oclif/core';
import { importLuna1 } from '../../../domain/import/luna1.ts';
import { importFlags, type ImportAnswer, ImportCommand } from '../../import-command.ts';
import { readDump } from '../../mongo-dump.ts';

export default class ImportLuna1Command extends ImportCommand {
  static override summary = 'Bring a site along from Luna 1: what mongodump wrote, of version 1.2 or of 2016.';
  static override examples = ['luna import luna1 dump --dry-run', 'luna import luna1 dump/luna', 'luna import luna1 dump -o yaml > luna1.yaml'];
  static override args = { dump: Args.string({ description: 'folder or archive of the dump', required: true, ignoreStdin: true }) };
  static override flags = importFlags;

  async run(): Promise<ImportAnswer> {
    const { args, flags } = await this.parse(ImportLuna1Command);
    return this.bring(importLuna1(readDump(args.dump)), flags);
  }
}
