import type { RunSummary } from '../../domain/provision.ts';
import type { Store } from './connect.ts';
import { lists } from './some-of.ts';

const runs = (store: Store) => store.db.collection<RunSummary>('runs');

/** A run may be noted this much later than it says that it began: another machine's clock, a busy database. */
const LATE_MS = 600_000;
/** How long the number of runs may stay the same before new ones are looked for all the same: as many old ones may have been forgotten. */
const AGAIN_MS = 60_000;

/** The newest run of every node, kept in memory: reading ten thousand of them takes seconds. */
export interface NewestRuns {
  /** As they are now: what has ended is written once and stays, so only open runs and new ones are read. */
  now(): Promise<RunSummary[]>;
}

/** Reads all runs when it is first asked, and later what may have changed. `now`: milliseconds since 1970. */
export function newestRunsOf(store: Store, now: () => number = Date.now): NewestRuns {
  const newest = new Map<string, RunSummary>();
  let known: { count: number; readAt: number } | null = null;
  let looking: Promise<void> | null = null;

  function note(found: Iterable<RunSummary>): void {
    for (const run of found) if (run.startedAt >= (newest.get(run.nodeId)?.startedAt ?? '')) newest.set(run.nodeId, run);
  }

  /** Of fewer runs than before the oldest were forgotten, which nobody misses here; or it is another database by now. */
  async function isStillThere(): Promise<boolean> {
    for (const list of lists([...newest.values()].map(({ _id }) => _id))) {
      const there = await runs(store).find({ _id: { $in: list } }, { projection: { _id: 1 } }).toArray();
      if (there.length < list.length) return false;
    }
    return true;
  }

  async function look(): Promise<void> {
    const began = now();
    const count = await runs(store).estimatedDocumentCount();
    let readAt = began;
    if (known === null || (count < known.count && !await isStillThere())) {
      newest.clear();
      note(await runs(store).find({}).toArray());
    } else if (count !== known.count || began - known.readAt > AGAIN_MS) {
      note(await runs(store).find({ startedAt: { $gte: new Date(known.readAt - LATE_MS).toISOString() } }).toArray());
    } else readAt = known.readAt;
    const open = await runs(store).find({ status: 'running' }).toArray();
    const ids = new Set(open.map(({ _id }) => _id));
    const ended = [...newest.values()].filter(({ _id, status }) => status === 'running' && !ids.has(_id));
    note(open);
    for (const list of lists(ended.map(({ _id }) => _id))) note(await runs(store).find({ _id: { $in: list } }).toArray());
    known = { count, readAt };
  }

  return {
    async now() {
      // Who asks while somebody looks would be told what was before he asked; a look takes milliseconds.
      while (looking) await looking.catch(() => undefined);
      looking = look().finally(() => { looking = null; });
      await looking;
      return [...newest.values()];
    },
  };
}
