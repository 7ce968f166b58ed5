import type { ProvisionStatus } from '../domain/run-views.ts';
import { duration, rateText } from './units.ts';
import type { Column } from './table.ts';

/** More names than this don't go into a URL; then all runs are asked for. */
const NAMES_IN_URL = 500;

/** Where the API tells the newest runs of these nodes, or of all: of all too when none or very many are named. */
export function statusPath(nodes: readonly string[]): string {
  if (nodes.length === 0 || nodes.length > NAMES_IN_URL) return '/api/v1/provision';
  return `/api/v1/provision?nodes=${nodes.map(encodeURIComponent).join(',')}`;
}

/** Those of the named nodes; all when none is named. */
export function statusesOf(nodes: readonly string[], statuses: ProvisionStatus[]): ProvisionStatus[] {
  const wanted = new Set(nodes);
  return nodes.length === 0 ? statuses : statuses.filter((status) => wanted.has(status.nodeName));
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
  { title: 'Swarm', field: 'rate', cell: (s) => (s.status === 'running' ? swarmCell(s) : null) },
  { title: 'Message', cell: (s) => (s.status === 'running' ? s.message : [s.reason, s.next === '' ? '' : `Next: ${s.next}`].filter((line) => line !== '')) },
];

/** What a node that loads its image says of the swarm, a line each: rates, neighbours, the time left. */
export function swarmCell({ rate, rateOut, peers, eta }: Pick<ProvisionStatus, 'rate' | 'rateOut' | 'peers' | 'eta'>): string[] {
  return [
    rate === null ? '' : `${rateText(rate)} in`,
    rateOut === null ? '' : `${rateText(rateOut)} out`,
    peers === null ? '' : `${peers} ${peers === 1 ? 'neighbour' : 'neighbours'}`,
    eta === null ? '' : `${duration(eta)} left`,
  ].filter((line) => line !== '');
}

/** The table of one run's stages, with times; clock times are the controller's. */
export const STAGE_COLUMNS: readonly Column<ProvisionStatus['stages'][number]>[] = [
  { title: 'Stage', cell: (line) => line.stage },
  { title: 'Began', cell: (line) => new Date(line.startedAt).toTimeString().slice(0, 8) },
  { title: 'Seconds', cell: (line) => (line.endedAt === null ? null : (Math.max(0, Date.parse(line.endedAt) - Date.parse(line.startedAt)) / 1000).toFixed(1)) },
  { title: 'Status', cell: (line) => line.status },
];

/** A run's stages; that in which it ended is not running any more. */
export function stagesOf(status: ProvisionStatus): ProvisionStatus['stages'] {
  return status.stages.map((line) => (isOver(status) && line.status === 'running' ? { ...line, status: status.status } : line));
}
