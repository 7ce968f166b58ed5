import { Args, Errors } from '@oclif/core';
import { moved } from '../../../domain/addresses.ts';
import { subnetOf } from '../../../domain/subnet.ts';
import type { ClusterView, NetworkView } from '../../../domain/views.ts';
import { ChangeCommand } from '../../change-command.ts';
import { networkFields } from '../../network-fields.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';

export default class NetworkRenumber extends ChangeCommand {
  static override summary = 'Move a network to another base address: every member keeps its place in it.';
  static override examples = ['luna network renumber ipmi 10.32.0.0/16', 'luna network renumber -n ipmi 10.31.0.0'];
  static override args = { ...objectArgs, to: Args.string({ description: 'the new address, or address/prefix', ignoreStdin: true }) };
  static override flags = objectFlags;

  protected readonly kind = 'network';

  async run(): Promise<NetworkView> {
    const { args, flags } = await this.parse(NetworkRenumber);
    const to = flags.name === undefined ? args.to : args.to ?? args.name;
    const name = selectObject('network', flags.name === undefined ? args.name : undefined, flags.name);
    if (to === undefined) throw new Errors.CLIError(`Where is network ${name} to go? luna network renumber ${name} IP[/PREFIX]`, { exit: 2 });
    const path = pathOf('network', name);
    const before = await this.api<NetworkView>('GET', path);
    const after = await this.change<NetworkView>(name, networkFields({ network: to }));
    await this.tellFrontend(before, after);
    return after;
  }

  /** The controller's own address is not luna's to change; where it belongs now is. */
  private async tellFrontend(before: NetworkView, after: NetworkView): Promise<void> {
    const cluster = await this.api<ClusterView>('GET', '/api/v1/cluster').catch(() => null);
    const frontend = cluster?.frontend_address ?? null;
    const next = moved(frontend, subnetOf(before), subnetOf(after));
    if (next === frontend || next === null) return;
    this.log(`The frontend address ${frontend ?? ''} was in network ${after.name} and stays what it is: the controller's own address comes first.\nNext: luna cluster change --frontend_address ${next}`);
  }
}
