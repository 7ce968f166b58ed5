import { Flags } from '@oclif/core';
import type { NetworkAddressesView, NetworkView } from '../../../domain/views.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { showOutput } from '../../output/output-flags.ts';
import { ShowCommand, showFlags } from '../../show-command.ts';

export default class NetworkShow extends ShowCommand {
  static override summary = 'Show a network.';
  static override examples = ['luna network show cluster', 'luna network show -n cluster --json', 'luna network show cluster --reservedips'];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    ...showFlags,
    ...showOutput,
    reservedips: Flags.boolean({ char: 'r', summary: 'Every address in use, as IP:NAME lines.', exclusive: ['raw', 'comment', 'output'] }),
  };

  protected readonly kind = 'network';

  override async run(): Promise<object> {
    const { args, flags } = await this.parse(NetworkShow);
    const name = selectObject('network', args.name, flags.name);
    if (!flags.reservedips) return this.show(name, flags);
    const { members } = await this.api<NetworkAddressesView>('GET', `${pathOf('network', name)}/addresses`);
    const used = members.map(({ ip, name: user, why }) => ({ ip, name: why ?? user }));
    for (const { ip, name: user } of used) this.log(`${ip}:${user}`);
    return used;
  }

  protected override shown(object: object): object {
    const network = object as NetworkView;
    return { ...network, reserved: network.reserved.map(({ ip, name }) => (name === null ? ip : `${ip} ${name}`)) };
  }
}
