import type { SwitchView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { changesOf } from '../../changes.ts';
import { objectArgs, objectFlags, selectObject } from '../../object-selector.ts';
import { switchFlags } from '../../switch-fields.ts';

export default class SwitchChange extends ChangeCommand {
  static override summary = 'Change a switch.';
  static override examples = ['luna switch change switch01 --read secret', 'luna switch change -n switch01 -i 10.31.253.22'];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...switchFlags, ...commentFlags };

  protected readonly kind = 'switch';

  async run(): Promise<SwitchView> {
    const { args, flags } = await this.parse(SwitchChange);
    const name = selectObject('switch', args.name, flags.name);
    return this.change(name, { ...changesOf(flags), ...(await this.commentField(name, flags)) });
  }
}
