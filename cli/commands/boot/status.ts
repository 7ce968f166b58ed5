import type { ServiceCounts } from '../../../domain/service-counts.ts';
import type { RogueView } from '../../../domain/rogue-server.ts';
import { RowsCommand } from '../../list-command.ts';
import { rogueWarnings } from '../../rogue-text.ts';
import { listOutput } from '../../output/output-flags.ts';

/** Of many kinds the most frequent tell enough. */
const SHOWN = 6;

const columns = [
  { title: 'Service', field: 'service', cell: ({ service }: ServiceCounts): unknown => service },
  { title: 'Received', field: 'received', cell: ({ received }: ServiceCounts): unknown => received.slice(0, SHOWN).map(({ kind, result, count }) => `${count} ${kind}: ${result}`) },
  { title: 'Sent', field: 'bytes', cell: ({ bytes }: ServiceCounts): unknown => (bytes === 0 ? null : `${(bytes / 1e6).toFixed(1)} MB`) },
  { title: 'Mean answer', field: 'seconds', cell: ({ seconds }: ServiceCounts): unknown => (seconds === null ? null : `${(seconds * 1000).toFixed(1)} ms`) },
  { title: 'Now', field: 'now', cell: ({ now }: ServiceCounts): unknown => Object.entries(now).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${value}`) },
];

export default class BootStatus extends RowsCommand {
  static override summary = 'Show what DHCP, TFTP, HTTP and DNS did since they were started: packets by kind and result, bytes, times.';
  static override description = 'The same numbers and more are at /metrics of the API, for Prometheus. What they did for one machine: luna boot trace NODE. DHCP servers that are not luna\'s are told on standard error.';
  static override examples = ['luna boot status', 'luna boot status --where service=dhcp -o json'];
  static override flags = { ...listOutput };

  async run(): Promise<unknown[]> {
    const { flags } = await this.parse(BootStatus);
    const [services, rogues] = await Promise.all([this.api<ServiceCounts[]>('GET', '/api/v1/boot/status'), this.api<RogueView[]>('GET', '/api/v1/boot/rogues')]);
    const rows = await this.printRows(services, { columns }, flags);
    // Beside what was asked for: a program reads the rows alone.
    for (const line of rogueWarnings(rogues)) this.logToStderr(line);
    return rows;
  }
}
