import type { SwitchView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class SwitchList extends ListCommand<SwitchView> {
  static override summary = 'List the switches.';
  static override examples = ['luna switch list'];

  protected readonly kind = 'switch';
  protected readonly columns = [
    { title: 'Name', field: 'name', cell: (o: SwitchView): unknown => o.name },
    { title: 'IP', field: 'ip', cell: (o: SwitchView): unknown => o.ip },
  ];
  protected override readonly wide = [
    { title: 'Network', field: 'network', cell: (o: SwitchView): unknown => o.network },
    { title: 'OID', field: 'oid', cell: (o: SwitchView): unknown => o.oid },
    { title: 'Comment', field: 'comment', cell: (o: SwitchView): unknown => o.comment },
  ];
}
