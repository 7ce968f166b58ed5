import type { OtherdevView } from '../../../domain/views.ts';
import { ChangeCommand, commentFlags } from '../../change-command.ts';
import { listArgs, listFlags, selectObjects } from '../../object-selector.ts';
import { otherdevFields, otherdevFlags } from '../../otherdev-fields.ts';

export default class OtherdevChange extends ChangeCommand {
  static override summary = 'Set, move or take away the addresses of devices.';
  static override examples = ['luna otherdev change pdu01 -N ipmi -i 10.31.250.2', "luna otherdev change -n pdu01 -N cluster -i ''", 'luna otherdev change pdu01 --comment --file notes.txt'];
  static override args = listArgs;
  static override flags = { ...listFlags, ...otherdevFlags, ...commentFlags };

  protected readonly kind = 'otherdev';

  async run(): Promise<OtherdevView[]> {
    const { args, flags } = await this.parse(OtherdevChange);
    const names = selectObjects('otherdev', args.name, flags.name);
    const fields = { ...otherdevFields(flags), ...(await this.commentField(names[0] ?? '', flags)) };
    return this.changeMany<OtherdevView>(names, fields);
  }
}
