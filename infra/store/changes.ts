import { randomBytes } from 'node:crypto';
import type { ClientSession } from 'mongodb';
import type { Change } from '../../domain/change.ts';
import type { Store } from './connect.ts';

/** Appends to the history, within the transaction that changes the things themselves. */
export async function recordChanges(store: Store, session: ClientSession, what: readonly Omit<Change, '_id' | 'at'>[]): Promise<void> {
  if (what.length === 0) return;
  const at = new Date().toISOString();
  const lines = what.map((change) => ({ _id: `${at}/${randomBytes(8).toString('hex')}`, at, ...change }));
  await store.db.collection<Change>('changes').insertMany(lines, { session });
}
