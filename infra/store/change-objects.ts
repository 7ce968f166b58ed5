import type { ClientSession } from 'mongodb';
import type { Change } from '../../domain/change.ts';
import { recordChanges } from './changes.ts';
import type { Store } from './connect.ts';
import { inTransaction } from './transaction.ts';

/** What the functions of one change share: the transaction, who asked, and the lines of the history to be written. */
export interface Tx {
  readonly store: Store;
  readonly session: ClientSession;
  readonly by: string;
  readonly changes: Omit<Change, '_id' | 'at' | 'by'>[];
}

/**
 * Changes objects: one transaction in which everything read stays true until it ends, because all such transactions
 * write the same lock document, whichever process they run in. So a reference can't be made to what is being removed,
 * and no two networks can be made that overlap.
 */
export function changeObjects<T>(store: Store, by: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  return store.changing(() => inTransaction(store, async (session) => {
    await store.db.collection<{ _id: string; n: number }>('locks').updateOne({ _id: 'objects' }, { $inc: { n: 1 } }, { upsert: true, session });
    const tx: Tx = { store, session, by, changes: [] };
    const result = await work(tx);
    await recordChanges(store, session, tx.changes.map((change) => ({ ...change, by })));
    return result;
  }));
}
