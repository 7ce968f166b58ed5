import type { ClientSession } from 'mongodb';
import type { Change, NotedChange } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Site } from '../../domain/site.ts';
import { linesOf, newTx, writesOf } from './changes.ts';
import type { Store } from './connect.ts';
import { PendingClaims } from './pending-claims.ts';
import { PendingObjects } from './pending.ts';
import { decidePlan, finishPlan, fitsOneTransaction, PlanIsOpen, refuseOpenPlan } from './plans.ts';
import { siteWithin } from './site.ts';
import { followOwn } from './site-memory.ts';
import { inTransaction } from './transaction.ts';
import { advanceVersion, type Counters, countersNow, versionOf } from './version.ts';
import { carryOut } from './writes.ts';

/** What the functions of one change share: the transaction, who asked, what is to be written, and the lines of the history. */
export interface Tx {
  /** What the lines of this change are known by, and what is taken back. */
  readonly id: string;
  readonly store: Store;
  readonly session: ClientSession;
  readonly by: string;
  readonly objects: PendingObjects;
  readonly claims: PendingClaims;
  readonly changes: NotedChange[];
  /** The whole site as it was when the transaction began. */
  site(): Promise<Site>;
}

/** Called with what a change would have written, instead of writing it, and with the site it began with. */
export type Trial = (lines: Change[], before: Site) => void;

/** Ends the transaction of a trial. */
class TrialIsOver extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('nothing was changed: it was a trial');
    this.result = result;
  }
}

/**
 * Changes objects: one transaction in which everything read stays true until it ends, because all such transactions
 * advance the same version, whichever process they run in. So a reference can't be made to what is being removed, and
 * no two networks can be made that overlap. What is too much for one transaction of the database becomes a plan, which
 * is finished before anybody changes anything else, if need be after a restart.
 */
export function changeObjects<T>(store: Store, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return changeUnder(store, 'objects', by, work);
}

/** Changes bindings of MACs alone: these are claims, so nothing else need stand still meanwhile. */
export function changeMacs<T>(store: Store, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return changeUnder(store, 'macs', by, work);
}

/** Changes of one process go one after the other: they would only meet each other's write conflicts. */
function changeUnder<T>(store: Store, what: keyof Counters, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return store.queues[what](async () => {
    for (;;) {
      try {
        const { result, since, version, lines, planned } = await inTransaction(store, (session) => attempt(store, session, what, by, work));
        if (planned) await finishOwn(store);
        followOwn(store.memory, what, { since, version }, lines);
        return result;
      } catch (error) {
        if (error instanceof TrialIsOver) return error.result as T;
        if (!(error instanceof PlanIsOpen)) throw error;
        await finishPlan(store);
      }
    }
  });
}

/** Finishes the plan that this process has just decided; when it can't be, whoever asked is told that it will. */
async function finishOwn(store: Store): Promise<void> {
  await finishPlan(store).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LunaError('unavailable', `the change is decided, and will be finished once the database answers again: ${reason}`, 'luna status');
  });
}

interface Attempted<T> { result: T; since: number; version: number; lines: Change[]; planned: boolean }

async function attempt<T>(store: Store, session: ClientSession, what: keyof Counters, by: string, work: (tx: Tx) => Promise<T>): Promise<Attempted<T>> {
  await advanceVersion(store, session, what);
  if (what === 'objects') await refuseOpenPlan(store, session);
  const now = await countersNow(store, session);
  const since = now[what] - 1;
  const { known } = store.memory;
  const before = what === 'objects' ? since : now.objects;
  const tx: Tx = {
    id: newTx(), store, session, by,
    objects: new PendingObjects(store, session, known?.counters.objects === before ? known : null),
    claims: new PendingClaims(store, session),
    changes: [],
    site: async () => known && known.counters.objects === before && known.counters.macs === (what === 'macs' ? since : now.macs) ? known.site : siteWithin(store, session),
  };
  const result = await work(tx);
  const written = [...tx.claims.writes(), ...tx.objects.writes()];
  const noted = (version: number): Change[] => linesOf(tx.changes, { tx: tx.id, by, version: versionOf(what, version) });
  if (store.trial) {
    store.trial(noted(now[what]), await tx.site());
    throw new TrialIsOver(result);
  }
  const lines = noted(now[what]);
  const writes = [...written, ...writesOf(lines)];
  if (what === 'macs' || fitsOneTransaction(writes)) {
    await carryOut(store, session, writes);
    return { result, since, version: now[what], lines, planned: false };
  }
  // The plan's last transaction counts once more, and only then is there anything new to be seen.
  const later = noted(now[what] + 1);
  await decidePlan(store, session, { tx: tx.id, by, writes: [...written, ...writesOf(later)] });
  return { result, since, version: now[what] + 1, lines: later, planned: true };
}
