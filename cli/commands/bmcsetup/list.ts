import type { BmcsetupView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class BmcsetupList extends ListCommand<BmcsetupView> {
  static override summary = 'List the BMC settings; passwords are never shown.';
  static override examples = ['luna bmcsetup list'];

  protected readonly kind = 'bmcsetup';
  protected readonly columns = [
    { title: 'Name', cell: (o: BmcsetupView): unknown => o.name },
    { title: 'User', cell: (o: BmcsetupView): unknown => o.user },
  ];
}
