import type { Change } from '../../domain/change.ts';
import type { Store } from './connect.ts';

/** When anything declared was changed last, ISO 8601; null before the first change. */
export async function newestChangeAt(store: Store): Promise<string | null> {
  const newest = await store.db.collection<Change>('changes').find({}, { projection: { at: 1 } }).sort({ _id: -1 }).limit(1).next();
  return newest?.at ?? null;
}
