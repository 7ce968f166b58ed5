import { Flags } from '@oclif/core';
import type { OsimageView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { cloneArgs, cloneFlags, cloneNames } from '../../clone-command.ts';
import { pathOf } from '../../object-selector.ts';

/** Copying a tree of many gigabytes. */
const COPY_MS = 3_600_000;

export default class OsimageClone extends ChangingCommand {
  static override summary = 'Copy an OS image: its settings, and its tree to a directory of its own.';
  static override examples = ['luna osimage clone compute --to gpu --path /opt/luna/os/gpu'];
  static override args = cloneArgs;
  static override flags = { ...cloneFlags, path: Flags.string({ char: 'p', summary: 'Where the copy of the tree goes; nothing may be there.', required: true, helpValue: 'DIR' }) };

  async run(): Promise<OsimageView> {
    const { args, flags } = await this.parse(OsimageClone);
    const { name, to } = cloneNames('osimage', args, flags);
    const made = await this.api<OsimageView>('POST', `${pathOf('osimage', name)}/clone`, { to, path: flags.path }, { timeoutMs: COPY_MS });
    this.log(`Cloned osimage ${name} to ${to}.\nNext: luna osimage pack ${to}`);
    return made;
  }
}
