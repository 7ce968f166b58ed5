import type { ClientSession } from 'mongodb';
import type { ObjectKind } from '../../domain/change.ts';
import type { Claim } from '../../domain/claims.ts';
import type { Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import type { StoredClaim } from './pending-claims.ts';

/** The owner's word for an object: `node/<id>`. */
export const ownerOf = (kind: ObjectKind, id: string): string => `${kind}/${id}`;

/** Takes things that were seen to be free. (Somebody else may take one meanwhile: then the transaction meets E11000 at its end, and runs again.) */
export function insertClaims(tx: Tx, wanted: readonly Pick<Claim, '_id' | 'owner'>[]): void {
  const at = new Date().toISOString();
  for (const { _id, owner } of wanted) tx.claims.take(_id, owner, at);
}

/** Gives things back; those of another owner stay. */
export async function deleteClaims(tx: Tx, held: readonly Pick<Claim, '_id' | 'owner'>[]): Promise<void> {
  await tx.claims.among(held.map(({ _id }) => _id));
  for (const { _id, owner } of held) tx.claims.give(_id, owner);
}

/** Gives back all that an owner holds, and returns what that was. */
export async function deleteClaimsOf(tx: Tx, owner: string): Promise<Claim[]> {
  const held = await tx.claims.ofOwner(owner);
  for (const { _id } of held) tx.claims.give(_id, owner);
  return held;
}

/** Those of some `ids` that are taken, by id. */
export function claimsAmong(tx: Tx, ids: readonly string[]): Promise<Map<string, Claim>> {
  return tx.claims.among(ids);
}

/** Every bound MAC. */
export function macClaims(store: Store, session: ClientSession): Promise<Claim[]> {
  return store.db.collection<StoredClaim>('claims').find({ of: 'mac' }, { session }).toArray();
}

/** Every taken address of a network, with its offset. */
export async function addressClaims(tx: Tx, networkId: string): Promise<(Claim & { offset: bigint })[]> {
  const set = `ip/${networkId}`;
  return Array.from(await tx.claims.ofSet(set), (claim) => ({ ...claim, offset: BigInt(claim._id.slice(set.length + 1)) }));
}

/** What some owner holds. */
export function claimsOf(tx: Tx, owner: string): Promise<Claim[]> {
  return tx.claims.ofOwner(owner);
}
