import type { OtherdevView } from '../../../domain/views.ts';
import { connectionsText } from '../../otherdev-text.ts';
import { ShowListCommand } from '../../show-list-command.ts';

export default class OtherdevShow extends ShowListCommand {
  static override summary = 'Show devices.';
  static override examples = ['luna otherdev show pdu01', 'luna otherdev show pdu[01-04] -o yaml'];

  protected readonly kind = 'otherdev';

  protected override shown(object: object): object {
    return { ...object, connected: connectionsText(object as OtherdevView) };
  }
}
