import { Flags } from '@oclif/core';
import type { GroupView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class GroupAdd extends ChangingCommand {
  static override summary = 'Declare a group: what its nodes have in common.';
  static override description = 'With --network the group gets the interface BOOTIF, the NIC a node booted from; with --bmcnetwork the interface BMC.';
  static override examples = [
    'luna group add -n compute -o compute -N cluster',
    'luna group add compute -o compute -N cluster -b base --bmcnetwork ipmi',
    'luna group add -n compute -i enp7s0 -o compute',
  ];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    osimage: Flags.string({ char: 'o', summary: 'The OS image its nodes get.', required: true }),
    network: Flags.string({ char: 'N', summary: 'The network nodes boot on.' }),
    network6: Flags.string({ summary: 'Their IPv6 network, beside it.', helpValue: 'NETWORK' }),
    bmcsetup: Flags.string({ char: 'b', summary: 'How its BMCs are reached and set up.' }),
    bmcnetwork: Flags.string({ aliases: ['bn'], summary: 'The network of its BMCs.' }),
    interface: Flags.string({ char: 'i', summary: 'An interface by its name; may be given several times.', multiple: true, multipleNonGreedy: true, helpValue: 'IF' }),
  };

  async run(): Promise<GroupView> {
    const { args, flags } = await this.parse(GroupAdd, this.argv.map((word) => (word === '-bn' ? '--bmcnetwork' : word)));
    const name = selectObject('group', args.name, flags.name);
    const { osimage, network, network6, bmcsetup, bmcnetwork, interface: interfaces } = flags;
    const added = await this.api<GroupView>('POST', '/api/v1/groups', { name, osimage, network, network6, bmcsetup, bmcnetwork, interfaces });
    this.log(`Added group ${added.name}.`);
    return added;
  }
}
