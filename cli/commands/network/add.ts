import { Errors } from '@oclif/core';
import type { NetworkView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { networkFields, networkFlags, reserveFlags } from '../../network-fields.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class NetworkAdd extends ChangingCommand {
  static override summary = 'Declare a network: nodes, switches and BMCs get their addresses there.';
  static override examples = [
    'luna network add -n cluster -N 10.30.0.0 -P 16',
    'luna network add cluster -N 10.30.0.0/16 --gateway 10.30.255.254 --dns 10.30.255.254',
  ];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...networkFlags, reserve: reserveFlags.reserve, network: { ...networkFlags.network, required: true } };

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkAdd);
    const name = selectObject('network', args.name, flags.name);
    const fields = networkFields(flags);
    if (fields['prefix'] === undefined) throw new Errors.CLIError(`How long is the prefix? Write -N ${flags.network}/24, or -P 24.`, { exit: 2 });
    const added = await this.api<NetworkView>('POST', '/api/v1/networks', { name, ...fields });
    this.log(`Added network ${added.name}: ${added.network}/${added.prefix}.`);
    return added;
  }
}
