import type { GroupView } from '../../../domain/views.ts';
import { interfaceText } from '../../group-interfaces.ts';
import { ListCommand } from '../../list-command.ts';

export default class GroupList extends ListCommand<GroupView> {
  static override summary = 'List the groups.';
  static override examples = ['luna group list'];

  protected readonly kind = 'group';
  protected readonly columns = [
    { title: 'Name', field: 'name', cell: (o: GroupView): unknown => o.name },
    { title: 'Osimage', field: 'osimage', cell: (o: GroupView): unknown => o.osimage },
    { title: 'Interfaces', field: 'interfaces.network', cell: (o: GroupView): unknown => o.interfaces.map(interfaceText) },
  ];
  protected override readonly wide = [
    { title: 'Bmcsetup', field: 'bmcsetup', cell: (o: GroupView): unknown => o.bmcsetup },
    { title: 'Domain', field: 'domain', cell: (o: GroupView): unknown => o.domain },
    { title: 'Boot policy', field: 'boot_policy', cell: (o: GroupView): unknown => o.boot_policy },
    { title: 'Comment', field: 'comment', cell: (o: GroupView): unknown => o.comment },
  ];
}
