import type { ClientSession } from 'mongodb';
import type { Claim } from '../../domain/claims.ts';
import type { ObjectKind } from '../../domain/change.ts';
import type { Store } from './connect.ts';

const claims = (store: Store) => store.db.collection<Claim>('claims');

/** The owner's word for an object: `node/<id>`. */
export const ownerOf = (kind: ObjectKind, id: string): string => `${kind}/${id}`;

/** Takes things by inserting them; a duplicate key (E11000) means that one of them is taken. */
export async function insertClaims(store: Store, session: ClientSession, wanted: readonly Pick<Claim, '_id' | 'owner'>[]): Promise<void> {
  if (wanted.length === 0) return;
  const at = new Date().toISOString();
  await claims(store).insertMany(wanted.map(({ _id, owner }) => ({ _id, owner, at })), { session });
}

/** Gives things back; those of another owner stay. One delete each: the embedded database is slow at long `$in` lists. */
export async function deleteClaims(store: Store, session: ClientSession, held: readonly Pick<Claim, '_id' | 'owner'>[]): Promise<void> {
  if (held.length === 0) return;
  await claims(store).bulkWrite(held.map(({ _id, owner }) => ({ deleteOne: { filter: { _id, owner } } })), { session });
}

/** Gives back all that an owner holds. */
export async function deleteClaimsOf(store: Store, session: ClientSession, owner: string): Promise<void> {
  await claims(store).deleteMany({ owner }, { session });
}

/** Those of a few `ids` that are taken. */
export async function claimsAmong(store: Store, session: ClientSession | undefined, ids: readonly string[]): Promise<Claim[]> {
  return ids.length === 0 ? [] : claims(store).find({ _id: { $in: [...ids] } }, { ...(session && { session }) }).toArray();
}

/** Every claim whose id starts with `prefix`, which ends in a slash: `mac/`, `ip/<networkId>/`. */
export async function claimsBelow(store: Store, session: ClientSession | undefined, prefix: string): Promise<Claim[]> {
  const end = `${prefix.slice(0, -1)}0`; // '0' is the character after '/'
  return claims(store).find({ _id: { $gte: prefix, $lt: end } }, { ...(session && { session }) }).toArray();
}

/** What some owner holds. */
export async function claimsOf(store: Store, session: ClientSession | undefined, owner: string): Promise<Claim[]> {
  return claims(store).find({ owner }, { ...(session && { session }) }).toArray();
}
