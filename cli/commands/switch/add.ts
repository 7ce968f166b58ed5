import type { SwitchView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { forEachName, type Outcome } from '../../batch.ts';
import { listArgs, listFlags, selectObjects } from '../../object-selector.ts';
import { switchFields, switchFlags } from '../../switch-fields.ts';

export default class SwitchAdd extends ChangingCommand {
  static override summary = 'Declare a switch: it tells on which port a new machine stands.';
  static override examples = [
    'luna switch add -n switch01 --network ipmi --ip 10.31.253.21',
    'luna switch add switch02 --network ipmi --ip 10.31.253.22 --read-file /root/snmp.community',
    'luna switch add -n switch01 --oid .1.3.6.1.2.1.17.7.1.2.2.1.2 --network ipmi --ip 10.31.253.21 --read secret',
  ];
  static override args = listArgs;
  static override flags = {
    ...listFlags,
    ...switchFlags,
    network: { ...switchFlags.network, required: true },
    ip: { ...switchFlags.ip, required: true },
  };

  async run(): Promise<Outcome<SwitchView>[]> {
    const { args, flags } = await this.parse(SwitchAdd);
    const fields = await switchFields(flags);
    return forEachName(this, selectObjects('switch', args.name, flags.name), async (name) => {
      const added = await this.api<SwitchView>('POST', '/api/v1/switches', { name, ...fields });
      this.log(`Added switch ${added.name}: ${added.ip}.`);
      return added;
    });
  }
}
