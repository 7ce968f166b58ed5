import type { SwitchView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { listArgs, listFlags, selectObjects } from '../../object-selector.ts';
import { switchFields, switchFlags } from '../../switch-fields.ts';

export default class SwitchChange extends ChangeCommand {
  static override summary = 'Change a switch.';
  static override examples = ['luna switch change switch01 --read-file -', 'luna switch change -n switch01 -i 10.31.253.22'];
  static override args = listArgs;
  static override flags = { ...listFlags, ...switchFlags, ...commentFlags };

  protected readonly kind = 'switch';

  async run(): Promise<SwitchView[]> {
    const { args, flags } = await this.parse(SwitchChange);
    const names = selectObjects('switch', args.name, flags.name);
    const fields = { ...(await switchFields(flags)), ...(await this.commentField(names[0] ?? '', flags)) };
    if (flags.rw !== undefined) this.outdated('--rw', 'nothing: luna never writes to a switch');
    if (Object.keys(fields).length === 0 && flags.rw !== undefined) return [];
    return this.changeMany<SwitchView>(names, fields);
  }
}
