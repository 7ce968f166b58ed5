import type { NetworkView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { networkFields, networkFlags } from '../../network-fields.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class NetworkAdd extends LunaCommand {
  static override summary = 'Declare a network: nodes, switches and BMCs get their addresses there.';
  static override examples = [
    'luna network add -n cluster -N 10.30.0.0 -P 16',
    'luna network add cluster -N 10.30.0.0/16 --gateway 10.30.255.254 --dns 10.30.255.254',
  ];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...networkFlags, network: { ...networkFlags.network, required: true } };

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkAdd);
    const name = selectObject('network', args.name, flags.name);
    const added = await this.api<NetworkView>('POST', '/api/v1/networks', { name, ...networkFields(flags) });
    this.log(`Added network ${added.name}: ${added.network}/${added.prefix}.`);
    return added;
  }
}
