import type { ClientSession } from 'mongodb';
import type { Change } from '../../domain/change.ts';
import { recordChanges } from './changes.ts';
import type { Store } from './connect.ts';
import { inTransaction } from './transaction.ts';
import { advanceVersion } from './version.ts';

/** What the functions of one change share: the transaction, who asked, and the lines of the history to be written. */
export interface Tx {
  readonly store: Store;
  readonly session: ClientSession;
  readonly by: string;
  readonly changes: Omit<Change, '_id' | 'at' | 'by'>[];
}

/**
 * Changes objects: one transaction in which everything read stays true until it ends, because all such transactions
 * advance the same version, whichever process they run in. So a reference can't be made to what is being removed, and
 * no two networks can be made that overlap.
 */
export function changeObjects<T>(store: Store, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return changeUnder(store, 'objects', by, work);
}

/** Changes bindings of MACs alone: these are claims, so nothing else need stand still meanwhile. */
export function changeMacs<T>(store: Store, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return changeUnder(store, 'macs', by, work);
}

/** Changes of one process go one after the other: they would only meet each other's write conflicts. */
function changeUnder<T>(store: Store, what: 'objects' | 'macs', by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return store.queues[what](() => inTransaction(store, async (session) => {
    await advanceVersion(store, session, what);
    const tx: Tx = { store, session, by, changes: [] };
    const result = await work(tx);
    await recordChanges(store, session, tx.changes.map((change) => ({ ...change, by })));
    return result;
  }));
}
