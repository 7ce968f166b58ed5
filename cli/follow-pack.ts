import type { PackStatus } from '../domain/run-views.ts';
import { LiveScreen, type Terminal } from './live-screen.ts';
import { poll } from './poll.ts';

/** `compressing  42 %  310 MB of 740 MB`. */
export function packLine({ phase, percent, message }: PackStatus): string {
  return [phase.padEnd(12), percent === null ? '' : `${String(Math.floor(percent)).padStart(3)} %`, message].filter((part) => part !== '').join('  ');
}

/** Shows a pack until it has ended: on a terminal one line drawn in place, elsewhere a line per phase. Throws what {@link poll} throws. */
export async function followPack(ask: () => Promise<PackStatus>, out: Terminal, signal: AbortSignal): Promise<PackStatus> {
  const screen = out.isTTY ? new LiveScreen(out) : undefined;
  let phase = '';
  const see = (status: PackStatus): boolean => {
    if (status.state !== 'running') return true;
    if (screen) screen.draw([packLine(status).slice(0, screen.size.columns - 1)]);
    else if (status.phase !== phase) out.write(`${status.phase}\n`);
    phase = status.phase;
    return false;
  };
  return poll(ask, see, { everyMs: 500, signal, onAway: () => undefined });
}
