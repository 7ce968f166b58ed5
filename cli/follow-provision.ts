import { LunaError } from '../domain/errors.ts';
import type { ProvisionStatus } from '../domain/run-views.ts';
import { LiveScreen, type Terminal } from './live-screen.ts';
import { poll } from './poll.ts';
import { changeLine, countLine, type Followed, liveScreen } from './provision-line.ts';
import { isOver } from './provision-status.ts';

/** A run that was started; its status may be older than the run until the API shows it. */
export interface StartedRun { node: string; runId: string }

/** How long an older run's status is taken for old; then it is what there is. */
const STALE_MS = 60_000;

/** How long a run may stay unheard of: nobody works on workflows then. */
const NO_WORD_MS = 10 * 60_000;

const AWAY = 'luna does not answer; the nodes go on. Waiting for it.';

/**
 * Shows the runs until each is over, and returns how they ended: on a terminal a line per node, drawn in place each second,
 * elsewhere a line per change of stage. Throws what {@link poll} throws, and LunaError `unavailable` for a run that is unheard
 * of for ten minutes; the runs go on then.
 */
export async function followProvision(
  runs: readonly StartedRun[],
  ask: () => Promise<ProvisionStatus[]>,
  out: Terminal,
  signal: AbortSignal,
): Promise<ProvisionStatus[]> {
  const screen = out.isTTY ? new LiveScreen(out) : undefined;
  const startedAt = Date.now();
  let before = new Map<string, ProvisionStatus>();
  let lines: string[] = [];
  let away = false;

  const see = (statuses: ProvisionStatus[]): boolean => {
    const fresh = Date.now() - startedAt < STALE_MS;
    const byNode = new Map(statuses.map((status) => [status.nodeName, status]));
    const followed = runs.map(({ node, runId }): Followed => {
      const status = byNode.get(node);
      return { node, status: status && fresh && isOver(status) && status._id !== runId ? undefined : status };
    });
    lines = screen ? liveScreen(followed, screen.size) : [];
    if (screen) screen.draw(lines);
    else for (const f of followed) print(out, changeLine(before.get(f.node), f));
    const unheard = followed.find((f) => !f.status);
    if (unheard && Date.now() - startedAt > NO_WORD_MS) throw new LunaError('unavailable', `nothing is heard of the provision of ${unheard.node}`, 'luna status');
    before = new Map(followed.flatMap((f) => (f.status ? [[f.node, f.status] as const] : [])));
    away = false;
    return followed.every((f) => f.status && isOver(f.status));
  };

  const onAway = (): void => {
    if (screen) screen.draw([...lines, AWAY]);
    else if (!away) out.write(`${AWAY}\n`);
    away = true;
  };
  await poll(ask, see, { everyMs: 1000, signal, onAway });
  if (runs.length > 1) out.write(`${countLine([...before].map(([node, status]) => ({ node, status })))}\n`);
  return [...before.values()];
}

function print(out: Terminal, line: string | undefined): void {
  if (line !== undefined) out.write(`${line}\n`);
}
