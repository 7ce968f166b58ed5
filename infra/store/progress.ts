import type { Progress } from '../../domain/evidence.ts';
import type { Store } from './connect.ts';
import { someOf } from './some-of.ts';

type Stored = Progress & { _id: string };

/** Keeps the last word of each node. Not journalled: losing it costs one line on a screen. */
export async function putProgress(store: Store, batch: Progress[]): Promise<void> {
  if (batch.length === 0) return;
  await store.db.collection<Stored>('progress').bulkWrite(
    batch.map((p) => ({ replaceOne: { filter: { _id: p.nodeId }, replacement: p, upsert: true } })),
    { ordered: false, writeConcern: { w: 1, j: false } },
  );
}

/** The last word of some nodes. */
export async function progressOf(store: Store, nodeIds: string[]): Promise<Map<string, Progress>> {
  const found = await someOf(store.db.collection<Stored>('progress'), '_id', nodeIds);
  return new Map(found.map((p) => [p._id, p]));
}

/** Notes that some nodes' agents were heard, whatever they said. Not journalled. */
export async function noteHeard(store: Store, nodeIds: string[], at: string): Promise<void> {
  if (nodeIds.length === 0) return;
  await store.db.collection<Stored>('progress').bulkWrite(
    nodeIds.map((id) => ({ updateOne: { filter: { _id: id }, update: { $set: { at } }, upsert: true } })),
    { ordered: false, writeConcern: { w: 1, j: false } },
  );
}
