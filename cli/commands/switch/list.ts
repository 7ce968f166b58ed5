import type { SwitchView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class SwitchList extends ListCommand<SwitchView> {
  static override summary = 'List the switches.';
  static override examples = ['luna switch list'];

  protected readonly kind = 'switch';
  protected readonly columns = [
    { title: 'Name', cell: (o: SwitchView): unknown => o.name },
    { title: 'IP', cell: (o: SwitchView): unknown => o.ip },
  ];
}
