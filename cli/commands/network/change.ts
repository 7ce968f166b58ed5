import { Errors, Flags } from '@oclif/core';
import type { NetworkView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { networkFields, networkFlags, reserveFlags } from '../../network-fields.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

const TEXTS = ['include', 'rev_include', 'comment'] as const;

export default class NetworkChange extends ChangeCommand {
  static override summary = 'Change a network. A new base address renumbers all its members.';
  static override examples = [
    'luna network change cluster --gateway 10.30.255.254',
    'luna network change cluster --dhcp_start 10.30.128.1 --dhcp_end 10.30.140.255',
    'luna network change -n ipmi -N 10.32.0.0 -P 16',
    'luna network change cluster --reserve 10.30.9.1-10.30.9.20',
    'luna network change cluster --mtu 9000 --search cluster,example.org',
    'luna network change cluster --dhcp proxy --ignore-unknown y',
    'luna network change cluster --include --file extra.zone',
  ];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    ...networkFlags,
    ...reserveFlags,
    include: Flags.boolean({ summary: 'Edit the text added to the forward zone.' }),
    rev_include: Flags.boolean({ aliases: ['rev-include'], summary: 'Edit the text added to the reverse zone.' }),
    ...commentFlags,
  };

  protected readonly kind = 'network';

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkChange);
    const { include: _include, rev_include: _reverse, ...rest } = flags;
    const name = selectObject('network', args.name, flags.name);
    const texts = TEXTS.filter((key) => flags[key]);
    if (texts.length > 1) throw new Errors.CLIError('Only one text can be edited at a time.', { exit: 2 });
    const fields = networkFields(rest);
    for (const key of texts) Object.assign(fields, await this.textField(name, key, flags));
    return this.change(name, fields);
  }
}
