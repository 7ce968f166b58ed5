import type { BmcsetupView } from '../../../domain/views.ts';
import { ChangingCommand } from '../../changing-command.ts';
import { bmcsetupFields, bmcsetupFlags } from '../../bmcsetup-fields.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';
import { askPassword } from '../../password-input.ts';

export default class BmcsetupAdd extends ChangingCommand {
  static override summary = 'Declare how BMCs are reached and set up.';
  static override description = "On a terminal the password is asked for. Elsewhere, without one, it is Luna 1's: ladmin.";
  static override examples = ['luna bmcsetup add -n base', 'luna bmcsetup add base -u admin --password-file /root/bmc.password', 'luna bmcsetup add lab --cipher 3'];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...bmcsetupFlags };

  async run(): Promise<BmcsetupView> {
    const { args, flags } = await this.parse(BmcsetupAdd);
    const name = selectObject('bmcsetup', args.name, flags.name);
    const fields = await bmcsetupFields(flags);
    if (fields['password'] === undefined && process.stdin.isTTY && process.stderr.isTTY) {
      const typed = await askPassword(`Password of BMC user ${flags.user ?? 'ladmin'} (empty: ladmin): `);
      if (typed !== '') fields['password'] = typed;
    }
    const added = await this.api<BmcsetupView>('POST', '/api/v1/bmcsetups', { name, ...fields });
    this.log(`Added bmcsetup ${added.name}.`);
    return added;
  }
}
