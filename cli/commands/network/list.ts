import type { NetworkView } from '../../../domain/views.ts';
import { ListCommand } from '../../list-command.ts';

export default class NetworkList extends ListCommand<NetworkView> {
  static override summary = 'List the networks.';
  static override examples = ['luna network list', 'luna network list --json'];

  protected readonly kind = 'network';
  protected readonly columns = [
    { title: 'Name', field: 'name', cell: (o: NetworkView): unknown => o.name },
    { title: 'Network', field: 'network', cell: (o: NetworkView): unknown => `${o.network}/${o.prefix}` },
  ];
  protected override readonly wide = [
    { title: 'Gateway', field: 'gateway', cell: (o: NetworkView): unknown => o.gateway },
    { title: 'DNS', field: 'dns', cell: (o: NetworkView): unknown => o.dns },
    { title: 'NS IP', field: 'ns_ip', cell: (o: NetworkView): unknown => o.ns_ip },
    { title: 'Provision', field: 'provision', cell: (o: NetworkView): unknown => o.provision },
    { title: 'Comment', field: 'comment', cell: (o: NetworkView): unknown => o.comment },
  ];
}
