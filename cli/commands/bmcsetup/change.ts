import type { BmcsetupView } from '../../../domain/views.ts';
import { bmcsetupFields, bmcsetupFlags } from '../../bmcsetup-fields.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';

export default class BmcsetupChange extends ChangeCommand {
  static override summary = 'Change how BMCs are reached and set up.';
  static override examples = ['luna bmcsetup change base --password-file -', 'luna bmcsetup change -n base -u admin -I 4'];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...bmcsetupFlags, ...commentFlags };

  protected readonly kind = 'bmcsetup';

  async run(): Promise<BmcsetupView> {
    const { args, flags } = await this.parse(BmcsetupChange);
    const name = selectObject('bmcsetup', args.name, flags.name);
    return this.change(name, { ...(await bmcsetupFields(flags)), ...(await this.commentField(name, flags)) });
  }
}
