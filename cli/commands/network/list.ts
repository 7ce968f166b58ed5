import type { NetworkView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class NetworkList extends ListCommand<NetworkView> {
  static override summary = 'List the networks.';
  static override examples = ['luna network list', 'luna network list --json'];

  protected readonly kind = 'network';
  protected readonly columns = [
    { title: 'Name', cell: (o: NetworkView): unknown => o.name },
    { title: 'Network', cell: (o: NetworkView): unknown => `${o.network}/${o.prefix}` },
  ];
}
