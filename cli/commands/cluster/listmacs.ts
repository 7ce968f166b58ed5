import type { SwitchMacView } from '../../../domain/views.ts';
import { RowsCommand } from '../../list-command.ts';
import { listOutput } from '../../output/output-flags.ts';

/** An answer waits for the slowest switch. */
const SWITCHES_MS = 60_000;

export default class ClusterListmacs extends RowsCommand {
  static override summary = 'List which MAC stands on which switch port, read from the switches now.';
  static override description = 'Confport is yes where the MAC is that of a node declared on this very port.';
  static override examples = ['luna cluster listmacs', 'luna cluster listmacs --where switch=switch01'];
  static override flags = listOutput;

  async run(): Promise<unknown[]> {
    const { flags } = await this.parse(ClusterListmacs);
    const rows = await this.api<SwitchMacView[]>('GET', '/api/v1/macs', undefined, { timeoutMs: SWITCHES_MS });
    return this.printRows(rows, {
      columns: [
        { title: 'Switch', field: 'switch', cell: (o: SwitchMacView): unknown => o.switch },
        { title: 'Port', field: 'port', cell: (o: SwitchMacView): unknown => o.port },
        { title: 'Portname', field: 'portname', cell: (o: SwitchMacView): unknown => o.portname },
        { title: 'MAC', field: 'mac', cell: (o: SwitchMacView): unknown => o.mac },
        { title: 'Confport', field: 'confport', cell: (o: SwitchMacView): unknown => o.confport },
        { title: 'Node', field: 'node', cell: (o: SwitchMacView): unknown => o.node },
      ],
    }, flags);
  }
}
