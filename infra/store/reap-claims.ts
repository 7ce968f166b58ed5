import type { ObjectKind } from '../../domain/change.ts';
import type { Claim } from '../../domain/claims.ts';
import { changeObjects } from './change-objects.ts';
import { deleteClaims } from './claims.ts';
import { COLLECTION_OF } from './collections.ts';
import type { Store } from './connect.ts';
import { noteMac } from './objects.ts';

/**
 * Frees claims whose owner is gone (a MAC may be bound in the moment its node is removed); returns how many. Looks
 * without a lock first, so that it costs nothing while there are none.
 */
export async function reapClaims(store: Store, by: string): Promise<number> {
  const orphans = await orphansAmong(store, await store.db.collection<Claim>('claims').find({}).toArray());
  if (orphans.length === 0) return 0;
  return changeObjects(store, by, async (tx) => {
    const still = await orphansAmong(store, orphans);
    await deleteClaims(tx, still);
    for (const { _id, owner } of still) if (_id.startsWith('mac/')) noteMac(tx, _id.slice(4), 'nobody', owner.slice(owner.indexOf('/') + 1), null);
    return still.length;
  });
}

async function orphansAmong(store: Store, claims: readonly Claim[]): Promise<Claim[]> {
  const living = new Set<string>();
  for (const [kind, collection] of Object.entries(COLLECTION_OF) as [ObjectKind, string][]) {
    for await (const { _id } of store.db.collection<{ _id: string }>(collection).find({}, { projection: { _id: 1 } })) living.add(`${kind}/${_id}`);
  }
  return claims.filter(({ owner }) => !living.has(owner));
}
