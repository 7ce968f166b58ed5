import { Errors, Flags } from '@oclif/core';
import { BMC } from '../../../domain/node-network.ts';
import type { NodeView } from '../../../domain/views.ts';
import { bootFields, bootFlags } from '../../boot-fields.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { pairsOf, pairUp } from '../../flag-pairs.ts';
import { listArgs, listFlags } from '../../object-selector.ts';
import { yesNo } from '../../yes-no.ts';

export default class NodeChange extends ChangeCommand {
  static override summary = 'Change nodes.';
  static override examples = [
    'luna node change node001 -s switch01 -p 1',
    'luna node change -n node[001-072] --setupbmc n',
    'luna node change node001 -i BOOTIF 10.30.0.1',
    'luna node change node001 --localboot y --service n',
    "luna node change node001 --mac ''",
    'luna node change node001 --mac 52:54:00:00:00:01 --mac 52:54:00:00:00:02',
    'luna node change node001 --bootfile grub/core.0 --dhcp-option 224=text:hello',
    "luna node change '@compute!node001' --service y",
  ];
  static override args = listArgs;
  static override flags = {
    ...listFlags,
    group: Flags.string({ char: 'g', summary: 'Move to this group; addresses on the same networks stay.' }),
    mac: Flags.string({ summary: 'MAC of a NIC it boots from; may be repeated, and replaces those there were. Empty: to be learnt again.', helpValue: 'MAC', multiple: true, multipleNonGreedy: true }),
    'add-mac': Flags.string({ aliases: ['add_mac'], summary: 'One more MAC.', helpValue: 'MAC', multiple: true, multipleNonGreedy: true, exclusive: ['mac'] }),
    'remove-mac': Flags.string({ aliases: ['remove_mac'], summary: 'This MAC no longer.', helpValue: 'MAC', multiple: true, multipleNonGreedy: true, exclusive: ['mac'] }),
    steal: Flags.boolean({ summary: 'Take the MAC from the node that has it.' }),
    switch: Flags.string({ char: 's', summary: 'The switch it is plugged into; empty: none.' }),
    port: Flags.string({ char: 'p', summary: 'The port, by number or name; empty: none.' }),
    localboot: yesNo({ char: 'l', summary: 'Boot its own disk.' }),
    setupbmc: yesNo({ aliases: ['sb'], summary: 'Set up its BMC while it installs.' }),
    service: yesNo({ aliases: ['sv'], summary: 'Boot to a shell with sshd; disks are not touched.' }),
    interface: Flags.string({ char: 'i', summary: 'Give an interface this address.', multiple: true, multipleNonGreedy: true, helpValue: 'IF IP', exclusive: ['group'] }),
    bmcip: Flags.boolean({ char: 'b', summary: 'With --ip: the address of its BMC.', hidden: true, exclusive: ['interface'] }),
    ip: Flags.string({ summary: 'The address for -i IF or -b.', hidden: true, helpValue: 'IP' }),
    ...bootFlags,
    ...commentFlags,
  };

  protected readonly kind = 'node';

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(NodeChange, pairUp(this.argv, ['-i', '--interface']));
    const names = await this.nodes(args.name, flags.name);
    const { interface: _interfaces, bmcip: _bmcip, ip: _ip, mac, 'add-mac': add, 'remove-mac': remove, steal, bootfile, ipxe, 'dhcp-option': options, ...rest } = flags;
    const macs = macFields(mac, add, remove);
    if (steal && Object.keys(macs).length === 0) throw new Errors.CLIError('--steal needs the MAC that is taken: --mac MAC.', { exit: 2 });
    const fields = { ...changesOf(rest, ['switch', 'port']), ...macs, ...(steal ? { steal } : {}), ...bootFields({ bootfile, ipxe, 'dhcp-option': options }), ...(await this.commentField(names[0] ?? '', flags)) };
    const interfaces = this.addresses(flags).map(([name, ip]) => ({ name, ip }));
    return this.changeAll(names, { ...fields, ...(interfaces.length === 0 ? {} : { interfaces }) });
  }

  /** The addresses given, in Luna 1's form of 1.2 (`-i IF IP`) or its first (`-i IF --ip IP`, `-b --ip IP`). */
  private addresses({ interface: given = [], bmcip, ip }: { interface?: string[] | undefined; bmcip: boolean; ip?: string | undefined }): [string, string][] {
    if (ip === undefined) {
      if (bmcip) throw new Errors.CLIError('Which address is the BMC to have? -b --ip IP', { exit: 2 });
      return pairsOf(given, 'an interface and an address: -i BOOTIF 10.30.0.1');
    }
    const names = bmcip ? [BMC] : given;
    const [name] = names;
    if (name === undefined || names.length > 1 || name.includes('=')) throw new Errors.CLIError('--ip goes with one interface: -i IF --ip IP', { exit: 2 });
    this.outdated(`${bmcip ? '-b' : '-i IF'} --ip IP`, `-i ${name} ${ip}`);
    return [[name, ip]];
  }

  /** One call for all of them: a node is changed or told why not, whatever becomes of the others. */
  private async changeAll(names: readonly string[], fields: object): Promise<unknown> {
    const [only = '', ...others] = names;
    return others.length === 0 ? [await this.change<NodeView>(only, fields)] : this.changeTogether(names, fields);
  }
}

/** `--mac` names all that the node has from now on; `--add-mac` and `--remove-mac` those that come and go. */
function macFields(mac: string[] | undefined, add: string[] | undefined, remove: string[] | undefined): Record<string, unknown> {
  if (mac !== undefined) {
    const [first = '', ...more] = mac;
    return { mac: first === '' ? null : first, ...(more.length > 0 ? { macs: { add: more } } : {}) };
  }
  if (add === undefined && remove === undefined) return {};
  return { macs: { ...(add ? { add } : {}), ...(remove ? { remove } : {}) } };
}
