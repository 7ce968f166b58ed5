import type { BmcsetupView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class BmcsetupList extends ListCommand<BmcsetupView> {
  static override summary = 'List the BMC settings; passwords are never shown.';
  static override examples = ['luna bmcsetup list'];

  protected readonly kind = 'bmcsetup';
  protected readonly columns = [
    { title: 'Name', field: 'name', cell: (o: BmcsetupView): unknown => o.name },
    { title: 'User', field: 'user', cell: (o: BmcsetupView): unknown => o.user },
  ];
  protected override readonly wide = [
    { title: 'User id', field: 'userid', cell: (o: BmcsetupView): unknown => o.userid },
    { title: 'Net channel', field: 'netchannel', cell: (o: BmcsetupView): unknown => o.netchannel },
    { title: 'Mgmt channel', field: 'mgmtchannel', cell: (o: BmcsetupView): unknown => o.mgmtchannel },
    { title: 'Cipher', field: 'cipher', cell: (o: BmcsetupView): unknown => o.cipher },
    { title: 'Comment', field: 'comment', cell: (o: BmcsetupView): unknown => o.comment },
  ];
}
