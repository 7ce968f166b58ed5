import type { SwitchView } from '../../../domain/views.ts';
import { LunaCommand } from '../../base.ts';
import { changesOf } from '../../changes.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';
import { switchFlags } from '../../switch-fields.ts';

export default class SwitchAdd extends LunaCommand {
  static override summary = 'Declare a switch: it tells on which port a new machine stands.';
  static override examples = [
    'luna switch add -n switch01 --network ipmi --ip 10.31.253.21',
    'luna switch add -n switch01 --oid .1.3.6.1.2.1.17.7.1.2.2.1.2 --network ipmi --ip 10.31.253.21 --read secret',
  ];
  static override args = objectArgs;
  static override flags = {
    ...objectFlags,
    ...switchFlags,
    network: { ...switchFlags.network, required: true },
    ip: { ...switchFlags.ip, required: true },
  };

  async run(): Promise<SwitchView> {
    const { args, flags } = await this.parse(SwitchAdd);
    const name = selectObject('switch', args.name, flags.name);
    const added = await this.api<SwitchView>('POST', '/api/v1/switches', { name, ...changesOf(flags) });
    this.log(`Added switch ${added.name}: ${added.ip}.`);
    return added;
  }
}
