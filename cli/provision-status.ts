import type { ProvisionStatus } from '../domain/views.ts';
import { duration } from './units.ts';
import type { Column } from './table.ts';

/** Where the API tells the runs of these nodes; of all open ones and the last ended when none is named. */
export function statusPath(nodes: readonly string[]): string {
  return nodes.length === 0 ? '/api/v1/provision' : `/api/v1/provision?nodes=${nodes.map(encodeURIComponent).join(',')}`;
}

/** Whether it is over, however it ended. */
export function isOver(status: ProvisionStatus): boolean {
  return status.status !== 'running';
}

/** What became of a run, for people: its stage while it runs. */
export function outcomeText(status: ProvisionStatus): string {
  return status.status === 'running' ? status.stage : status.status === 'completed' ? 'completed' : `${status.status} at ${status.stage}`;
}

/** The table of `provision status`. */
export const STATUS_COLUMNS: readonly Column<ProvisionStatus>[] = [
  { title: 'Node', cell: (s) => s.nodeName },
  { title: 'Stage', cell: outcomeText },
  { title: 'Percent', cell: (s) => (s.status === 'running' && s.percent !== null ? `${Math.floor(s.percent)} %` : null) },
  { title: 'Elapsed', cell: (s) => duration(s.elapsed) },
  { title: 'Message', cell: (s) => (s.status === 'running' ? s.message : [s.reason, s.next === '' ? '' : `Next: ${s.next}`].filter((line) => line !== '')) },
];
