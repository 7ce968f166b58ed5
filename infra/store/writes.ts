import type { AnyBulkWriteOperation, ClientSession } from 'mongodb';
import type { Store } from './connect.ts';

/** One document to be written, in words that can be journalled and carried out later. */
export type Write =
  | { in: string; op: 'insert' | 'replace'; id: string; document: object }
  | { in: string; op: 'delete'; id: string };

/**
 * Carries writes out within a transaction, collection by collection: what goes first, so that what comes finds its place
 * free. `insert` of something that is there throws E11000; with `replacing` it is put in its place.
 */
export async function carryOut(store: Store, session: ClientSession, writes: readonly Write[], { replacing = false } = {}): Promise<void> {
  for (const [collection, some] of Map.groupBy(writes, (write) => write.in)) {
    const documents = store.db.collection<{ _id: string }>(collection);
    const changed: AnyBulkWriteOperation<{ _id: string }>[] = [];
    const inserted: { _id: string }[] = [];
    for (const write of some) {
      if (write.op === 'delete') changed.push({ deleteOne: { filter: { _id: write.id } } });
      else if (write.op === 'replace' || replacing) changed.push({ replaceOne: { filter: { _id: write.id }, replacement: write.document, upsert: replacing } });
      else inserted.push(write.document as { _id: string });
    }
    if (changed.length > 0) await documents.bulkWrite(changed, { session });
    if (inserted.length > 0) await documents.insertMany(inserted, { session });
  }
}
