import type { ClientSession } from 'mongodb';
import type { Claim } from '../../domain/claims.ts';
import type { ObjectKind } from '../../domain/change.ts';
import type { Store } from './connect.ts';

const claims = (store: Store) => store.db.collection<Claim>('claims');

/** The owner's word for an object: `node/<id>`. */
export const ownerOf = (kind: ObjectKind, id: string): string => `${kind}/${id}`;

/** Takes things by inserting them; a duplicate key (E11000) means that one of them is taken. */
export async function insertClaims(store: Store, session: ClientSession, ids: readonly string[], owner: string): Promise<void> {
  if (ids.length === 0) return;
  const at = new Date().toISOString();
  await claims(store).insertMany(ids.map((_id) => ({ _id, owner, at })), { session });
}

/** Gives things back; those of another owner stay. */
export async function deleteClaims(store: Store, session: ClientSession, ids: readonly string[], owner: string): Promise<void> {
  if (ids.length > 0) await claims(store).deleteMany({ _id: { $in: [...ids] }, owner }, { session });
}

/** Gives back all that some owners hold. */
export async function deleteClaimsOf(store: Store, session: ClientSession, owners: readonly string[]): Promise<void> {
  if (owners.length > 0) await claims(store).deleteMany({ owner: { $in: [...owners] } }, { session });
}

/** Those of `ids` that are taken. */
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
