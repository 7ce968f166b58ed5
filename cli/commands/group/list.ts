import type { GroupView } from '../../../domain/views.ts';
import { interfaceText } from '../../group-interfaces.ts';
import { ListCommand } from '../../list-command.ts';

export default class GroupList extends ListCommand<GroupView> {
  static override summary = 'List the groups.';
  static override examples = ['luna group list'];

  protected readonly kind = 'group';
  protected readonly columns = [
    { title: 'Name', cell: (o: GroupView): unknown => o.name },
    { title: 'Osimage', cell: (o: GroupView): unknown => o.osimage },
    { title: 'Interfaces', cell: (o: GroupView): unknown => o.interfaces.map(interfaceText) },
  ];
}
