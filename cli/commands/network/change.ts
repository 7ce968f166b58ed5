import type { NetworkView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { networkFields, networkFlags } from '../../network-fields.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class NetworkChange extends ChangeCommand {
  static override summary = 'Change a network. A new base address renumbers all its members.';
  static override examples = [
    'luna network change cluster --gateway 10.30.255.254',
    'luna network change cluster --dhcp_start 10.30.128.1 --dhcp_end 10.30.140.255',
    'luna network change -n ipmi -N 10.32.0.0 -P 16',
  ];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...networkFlags, ...commentFlags };

  protected readonly kind = 'network';

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkChange);
    const name = selectObject('network', args.name, flags.name);
    return this.change(name, { ...networkFields(flags), ...(await this.commentField(name, flags)) });
  }
}
