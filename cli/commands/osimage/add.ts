import { Flags } from '@oclif/core';
import type { OsimageView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { changesOf } from '../../changes.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class OsimageAdd extends ChangingCommand {
  static override summary = 'Declare an OS image: a directory tree on the controller.';
  static override examples = ['luna osimage add -n compute -p /opt/luna/os/compute', 'luna osimage add compute -p /opt/luna/os/compute -o "console=ttyS0"'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    path: Flags.string({ char: 'p', summary: "The tree's directory.", required: true, helpValue: 'DIR' }),
    kernver: Flags.string({ char: 'k', summary: 'Kernel release to install with and to run (the newest in the tree).' }),
    kernopts: Flags.string({ char: 'o', summary: 'Added to the kernel command line.' }),
  };

  async run(): Promise<OsimageView> {
    const { args, flags } = await this.parse(OsimageAdd);
    const name = selectObject('osimage', args.name, flags.name);
    const anyKernel = flags.kernver === 'ANY';
    if (anyKernel) this.outdated('--kernver ANY', 'no --kernver');
    const added = await this.api<OsimageView>('POST', '/api/v1/osimages', { name, ...changesOf(anyKernel ? { ...flags, kernver: undefined } : flags) });
    this.log(`Added osimage ${added.name}.\nNext: luna osimage pack ${added.name}`);
    return added;
  }
}
