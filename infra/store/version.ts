import type { ClientSession } from 'mongodb';
import type { Store } from './connect.ts';

/** How often something was changed: one counter for objects, one for bindings of MACs. */
interface Counter { _id: 'objects' | 'macs'; n: number }

const versions = (store: Store) => store.db.collection<Counter>('versions');

/** Counts a change, in its transaction. Two transactions that count the same thing conflict, so one of them starts again. */
export async function advanceVersion(store: Store, session: ClientSession, what: Counter['_id']): Promise<void> {
  await versions(store).updateOne({ _id: what }, { $inc: { n: 1 } }, { upsert: true, session });
}

/** A word that differs whenever anything declared has changed since it was last asked. Two small documents: cheap to ask. */
export async function siteVersion(store: Store): Promise<string> {
  const counters = await versions(store).find({}).toArray();
  return counters.map(({ _id, n }) => `${_id} ${n}`).sort().join(', ');
}
