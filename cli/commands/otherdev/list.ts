import type { OtherdevView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';
import { connectionsText } from '../../otherdev-text.ts';

export default class OtherdevList extends ListCommand<OtherdevView> {
  static override summary = 'List the devices that are neither nodes nor switches.';
  static override examples = ['luna otherdev list', 'luna otherdev list -o name'];

  protected readonly kind = 'otherdev';
  protected readonly columns = [
    { title: 'Name', field: 'name', cell: (o: OtherdevView): unknown => o.name },
    { title: 'IP', field: 'connected.ip', cell: (o: OtherdevView): unknown => connectionsText(o) },
  ];
  protected override readonly wide = [{ title: 'Comment', field: 'comment', cell: (o: OtherdevView): unknown => o.comment }];
}
