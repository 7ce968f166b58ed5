import { isOver, outcomeText } from './provision-status.ts';
import { duration, rateText } from './units.ts';
import type { ProvisionStatus } from '../domain/run-views.ts';

/** What is known of one node that is followed: its run once the API shows it. */
export interface Followed { node: string; status: ProvisionStatus | undefined }

const BAR = 20;

/** The live line of a node: name, stage, bar and percent, rate, elapsed. `width`: of the longest name. */
export function liveLine({ node, status }: Followed, width: number): string {
  const name = node.padEnd(width);
  if (!status) return `${name}  starting`;
  if (isOver(status)) return `${name}  ${outcomeText(status).padEnd(11)}  ${duration(status.elapsed)}${status.reason === '' ? '' : `  ${oneLine(status.reason)}`}`;
  const { percent, rate, rateOut, peers, eta } = status;
  const parts = [
    status.stage.padEnd(11),
    duration(status.elapsed),
    percent === null ? '' : `${bar(percent)} ${String(Math.floor(percent)).padStart(3)} %`,
    rate === null ? '' : `${rateText(rate)}${rateOut === null ? '' : ` in, ${rateText(rateOut)} out`}`,
    peers === null ? '' : `${peers} ${peers === 1 ? 'peer' : 'peers'}`,
    eta === null ? '' : `${duration(eta)} left`,
    oneLine(status.message),
  ];
  return `${name}  ${parts.filter((part) => part !== '').join('  ')}`;
}

/** As many live lines as fit: what moves or failed comes first, the rest is counted by stage in a last line. */
export function liveScreen(followed: readonly Followed[], size: { columns: number; rows: number }): string[] {
  const width = Math.max(...followed.map((f) => f.node.length));
  const room = Math.max(1, size.rows - 2);
  const shown = followed.length <= room ? followed : urgent(followed).slice(0, room - 1);
  const lines = shown.map((f) => liveLine(f, width).slice(0, size.columns - 1));
  if (shown.length < followed.length) lines.push(countLine(followed).slice(0, size.columns - 1));
  return lines;
}

/** `72 nodes: 40 download, 30 completed, 2 failed`. */
export function countLine(followed: readonly Followed[]): string {
  const counts = new Map<string, number>();
  for (const { status } of followed) {
    const word = !status ? 'starting' : isOver(status) ? status.status : status.stage;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return `${followed.length} nodes: ${[...counts].map(([word, n]) => `${n} ${word}`).join(', ')}`;
}

/** The plain line that says a node is somewhere else now; undefined when it isn't. */
export function changeLine(before: ProvisionStatus | undefined, { node, status }: Followed): string | undefined {
  if (!status || (before?._id === status._id && before.stage === status.stage && before.status === status.status)) return undefined;
  return `${node}: ${outcomeText(status)} (${duration(status.elapsed)})`;
}

function urgent(followed: readonly Followed[]): Followed[] {
  const rank = ({ status }: Followed): number => (!status ? 2 : !isOver(status) ? 1 : status.status === 'completed' ? 3 : 0);
  return followed.toSorted((a, b) => rank(a) - rank(b));
}

function bar(percent: number): string {
  const full = Math.round((Math.min(100, Math.max(0, percent)) / 100) * BAR);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}]`;
}

function oneLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
