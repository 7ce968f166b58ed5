import { once } from 'node:events';
import type { Response } from 'express';
import { type ChangePosition, positionText } from '../../domain/change-position.ts';
import type { SwarmNews } from '../../domain/swarm.ts';
import type { Documents } from './documents.ts';
import { rogueNews } from './rogue-news.ts';
import { swarmNews } from './swarm-news.ts';

/** After so much silence a comment is sent, so that both ends notice when the other is gone. As often the reader's right is looked at. */
const BEAT_MS = 15_000;
/** A reader that takes nothing for so long is cut: he can come back to where he was. */
const SLOW_MS = 20_000;

/** How soon a foreign DHCP server that was noticed is told. */
const LOOK_MS = 3000;

/** How a stream of changes goes. `stillAllowed` is asked every `beatMs`, however much there is to tell. */
export interface EventStream {
  documents: Pick<Documents, 'changes' | 'site' | 'rogues'>;
  /** What happened in swarms lately. */
  swarms(): Promise<readonly SwarmNews[]>;
  response: Response;
  from: ChangePosition;
  stopping: AbortSignal;
  stillAllowed(): Promise<boolean>;
  /** Ends when nothing newer is known. */
  ends?: boolean;
  beatMs?: number;
  slowMs?: number;
}

/**
 * Sends every change after a position as server-sent events, until the reader goes, is too slow or may no longer read.
 * Nothing is kept for him: each change is read from the history when he has taken the one before. Only the last event of
 * a version has an id, so that who comes back misses nothing (and may see the first events of a version twice). Foreign DHCP
 * servers are told without one: whoever comes is told those that are there. So is what happens in swarms, from when he came.
 */
export async function streamChanges({ documents, swarms, response, from, stopping, stillAllowed, ends = false, beatMs = BEAT_MS, slowMs = SLOW_MS }: EventStream): Promise<void> {
  const over = new AbortController();
  const end = (): void => { over.abort(); };
  response.once('close', end);
  stopping.addEventListener('abort', end);
  const wake = alarm(over.signal);
  const forget = documents.site.onChange(wake.ring);
  const { signal } = over;
  const news = rogueNews(() => documents.rogues());
  const ofSwarms = swarmNews(swarms);
  const lookMs = Math.min(beatMs, LOOK_MS);

  async function send(text: string): Promise<void> {
    if (signal.aborted || response.write(text)) return;
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(slowMs)]) }).catch(() => {
      response.destroy();
      end();
    });
  }

  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  // By the clock, not between two events: replaying a long history to a slow reader has no silence.
  const asking = setInterval(() => { void stillAllowed().then((may) => { if (!may) end(); }); }, beatMs);
  try {
    let [at, silentMs] = [from, 0];
    await send(`retry: 2000\nid: ${positionText(at)}\n: changes after ${positionText(at)}\n\n`);
    while (!signal.aborted) {
      const now = await documents.changes.position();
      for (const what of ['objects', 'macs'] as const) {
        while (at[what] < now[what] && !signal.aborted) {
          const lines = await documents.changes.ofVersion(what, at[what] + 1);
          at = { ...at, [what]: at[what] + 1 };
          for (const [i, line] of lines.entries()) await send(`${i === lines.length - 1 ? `id: ${positionText(at)}\n` : ''}event: change\ndata: ${JSON.stringify(line)}\n\n`);
        }
      }
      if (ends) break;
      const rogues = await news();
      for (const rogue of rogues) await send(`event: dhcp.rogue\ndata: ${JSON.stringify(rogue)}\n\n`);
      const happened = await ofSwarms();
      for (const one of happened) await send(`event: swarm\ndata: ${JSON.stringify(one)}\n\n`);
      if (await wake.rung(lookMs) || rogues.length + happened.length > 0) {
        silentMs = 0;
        continue;
      }
      silentMs += lookMs;
      if (silentMs < beatMs) continue;
      silentMs = 0;
      await send(': beat\n\n');
    }
  } finally {
    clearInterval(asking);
    forget();
    stopping.removeEventListener('abort', end);
    if (!response.destroyed) response.end();
  }
}

/** Something to wait for that may also ring while nobody waits. */
function alarm(signal: AbortSignal): { ring(): void; rung(ms: number): Promise<boolean> } {
  let ringing = false;
  let waiting: (() => void) | null = null;
  const ring = (): void => {
    ringing = true;
    waiting?.();
  };
  signal.addEventListener('abort', ring);
  return {
    ring,
    async rung(ms) {
      if (!ringing) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          waiting = () => { clearTimeout(timer); resolve(); };
        });
        waiting = null;
      }
      const was = ringing;
      ringing = false;
      return was;
    },
  };
}
