import type { LeaseView } from '../../../domain/lease-views.ts';
import { utcText } from '../../../domain/utc-text.ts';
import { RowsCommand } from '../../list-command.ts';
import { objectArgs, objectFlags, pathOf, selectObject } from '../../object-selector.ts';
import { listOutput } from '../../output/output-flags.ts';

const columns = [
  { title: 'IP', field: 'ip', cell: (lease: LeaseView): unknown => lease.ip },
  { title: 'MAC', field: 'mac', cell: (lease: LeaseView): unknown => lease.mac },
  { title: 'Node', field: 'node', cell: (lease: LeaseView): unknown => lease.node },
  { title: 'Given or renewed', field: 'since', cell: (lease: LeaseView): unknown => utcText(lease.since) },
  { title: 'Expires', field: 'expires', cell: (lease: LeaseView): unknown => utcText(lease.expires) },
];

export default class NetworkLeases extends RowsCommand {
  static override summary = 'Show which addresses of the dynamic range are leased, and to whom.';
  static override description = 'Nodes have reserved addresses: luna network show NETWORK, luna node list. Times are UTC.';
  static override examples = ['luna network leases cluster', 'luna network leases cluster --where mac~52:54 -o json'];
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...listOutput };

  async run(): Promise<unknown[]> {
    const { args, flags } = await this.parse(NetworkLeases);
    const network = selectObject('network', args.name, flags.name);
    return this.printRows(await this.api<LeaseView[]>('GET', `${pathOf('network', network)}/leases`), { columns }, flags);
  }
}
