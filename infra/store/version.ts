import type { ClientSession } from 'mongodb';
import type { Store } from './connect.ts';

/** How often something was changed: one counter for objects, one for bindings of MACs. */
export interface Counters { objects: number; macs: number }

interface Counter { _id: keyof Counters; n: number }

const versions = (store: Store) => store.db.collection<Counter>('versions');

/** Counts a change, in its transaction. Two transactions that count the same thing conflict, so one of them starts again. */
export async function advanceVersion(store: Store, session: ClientSession, what: keyof Counters): Promise<void> {
  await versions(store).updateOne({ _id: what }, { $inc: { n: 1 } }, { upsert: true, session });
}

/** How often anything declared was changed. Two small documents: cheap to ask. */
export async function countersNow(store: Store, session?: ClientSession): Promise<Counters> {
  const found = await versions(store).find({}, session ? { session } : {}).toArray();
  return { objects: 0, macs: 0, ...Object.fromEntries(found.map(({ _id, n }) => [_id, n])) };
}

/** The word for one version of one counter, as it stands in the lines of the history. */
export const versionOf = (what: keyof Counters, n: number): string => `${what} ${n}`;
