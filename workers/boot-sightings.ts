import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../infra/log.ts';
import type { Store } from '../infra/store/connect.ts';
import { recordSightings, type Seen } from '../infra/store/sightings.ts';

/** Machines of one write, and the pause behind it: updates are dear on the embedded database, and leases come first. */
const AT_ONCE = 20;
const PAUSE_MS = 500;
/** A machine of which nothing new is seen is noted again after this time only. */
const FRESH_MS = 20_000;
/** Machines whose write waits; beyond it one is noted when it is seen again. A flood of made-up MACs must not fill memory. */
const WAITING = 5000;

/** Machines of which is remembered what was noted last. */
const REMEMBERED = 20_000;

/** A machine as it is seen now. */
type Sighted = Omit<Seen, 'at'>;
interface Noted { readonly seen: Sighted; readonly at: number }

/** Notes machines that fit nothing, one write at a time: what is seen of a machine meanwhile is one update. */
export function createSightings(store: Store, log: Log): (seen: Sighted) => void {
  const waiting = new Map<string, Seen>();
  const noted = new Map<string, Noted>();
  let writing = false;

  function isFresh(seen: Sighted): boolean {
    const before = noted.get(seen.mac);
    const now = performance.now();
    if (before !== undefined && now - before.at < FRESH_MS && tellsNothingNew(seen, before.seen)) return true;
    if (noted.size >= REMEMBERED) noted.clear();
    noted.set(seen.mac, { seen, at: now });
    return false;
  }

  async function write(): Promise<void> {
    writing = true;
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, AT_ONCE);
      for (const { mac } of batch) waiting.delete(mac);
      await recordSightings(store, batch).catch((error: unknown) => {
        log.warn('sighting.lost', { machines: batch.length, error: error instanceof Error ? error.message : String(error) });
      });
      if (waiting.size > 0) await sleep(PAUSE_MS, undefined, { ref: false });
    }
    writing = false;
  }

  return (seen) => {
    const before = waiting.get(seen.mac);
    if (before === undefined && waiting.size >= WAITING) return;
    if (isFresh(seen)) return;
    waiting.set(seen.mac, { ...before, ...seen, at: new Date().toISOString() });
    if (!writing) void write();
  };
}

function tellsNothingNew(seen: Sighted, before: Sighted): boolean {
  return seen.networkId === before.networkId && seen.ip === before.ip && seen.arch === before.arch && seen.where === before.where;
}
