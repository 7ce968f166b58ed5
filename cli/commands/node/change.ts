import { Flags } from '@oclif/core';
import type { NodeView } from '../../../domain/views.ts';
import { forEachName, results } from '../../batch.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { pairUp, pairsOf } from '../../flag-pairs.ts';
import { listArgs, listFlags, selectObjects } from '../../object-selector.ts';
import { yesNo } from '../../yes-no.ts';

export default class NodeChange extends ChangeCommand {
  static override summary = 'Change nodes.';
  static override examples = [
    'luna node change node001 -s switch01 -p 1',
    'luna node change -n node[001-072] --setupbmc n',
    'luna node change node001 -i BOOTIF 10.30.0.1',
    'luna node change node001 --localboot y --service n',
    "luna node change node001 --mac ''",
  ];
  static override args = listArgs;
  static override flags = {
    ...listFlags,
    group: Flags.string({ char: 'g', summary: 'Move to this group; addresses on the same networks stay.' }),
    mac: Flags.string({ summary: 'MAC of the NIC it boots from; empty: to be learnt again.', helpValue: 'MAC' }),
    steal: Flags.boolean({ summary: 'Take the MAC from the node that has it.', dependsOn: ['mac'] }),
    switch: Flags.string({ char: 's', summary: 'The switch it is plugged into; empty: none.' }),
    port: Flags.string({ char: 'p', summary: 'The port, by number or name; empty: none.' }),
    localboot: yesNo({ char: 'l', summary: 'Boot its own disk.' }),
    setupbmc: yesNo({ aliases: ['sb'], summary: 'Set up its BMC while it installs.' }),
    service: yesNo({ aliases: ['sv'], summary: 'Boot to a shell with sshd; disks are not touched.' }),
    interface: Flags.string({ char: 'i', summary: 'Give an interface this address.', multiple: true, multipleNonGreedy: true, helpValue: 'IF IP', exclusive: ['group'] }),
    ...commentFlags,
  };

  protected readonly kind = 'node';

  async run(): Promise<NodeView[]> {
    const { args, flags } = await this.parse(NodeChange, pairUp(this.argv, ['-i', '--interface']));
    const names = selectObjects('node', args.name, flags.name);
    const { interface: interfaces, steal, ...rest } = flags;
    const fields = { ...changesOf(rest, ['mac', 'switch', 'port']), ...(steal ? { steal } : {}), ...(await this.commentField(names[0] ?? '', flags)) };
    const [first, ...more] = pairsOf(interfaces ?? [], 'an interface and an address: -i BOOTIF 10.30.0.1').map(([name, ip]) => ({ interface: { name, ip } }));
    return results(await forEachName(this, names, (name) => this.change<NodeView>(name, { ...fields, ...first }, ...more)));
  }
}
