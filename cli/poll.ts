import { setTimeout as sleep } from 'node:timers/promises';
import { LunaError } from '../domain/errors.ts';

/** luna may restart while a command watches it; the work goes on meanwhile. */
const AWAY_MS = 10 * 60_000;

/**
 * Asks again every `everyMs` until `ask` gives an answer that `done` accepts, and returns that. An API that is away is waited
 * for up to ten minutes (`onAway` is told each time); any other error ends the wait. Throws `signal.reason` when it fires.
 */
export async function poll<T>(ask: () => Promise<T>, done: (answer: T) => boolean, options: { everyMs: number; signal: AbortSignal; onAway: () => void }): Promise<T> {
  let goneSince: number | undefined;
  for (;;) {
    const asked = await ask().then((answer) => ({ answer }), (error: unknown) => {
      options.signal.throwIfAborted();
      if (!(error instanceof LunaError) || error.code !== 'unavailable') throw error;
      goneSince ??= Date.now();
      if (Date.now() - goneSince > AWAY_MS) throw error;
      options.onAway();
      return undefined;
    });
    if (asked) {
      goneSince = undefined;
      if (done(asked.answer)) return asked.answer;
    }
    await sleep(options.everyMs, undefined, { signal: options.signal }).catch(() => undefined);
    options.signal.throwIfAborted();
  }
}
