import type { ClientSession } from 'mongodb';
import type { ObjectKind } from '../../domain/change.ts';
import type { Claim } from '../../domain/claims.ts';
import type { Store } from './connect.ts';

/** A claim as stored. `of` is what it is one of (`mac`, `ip/<networkId>`), indexed: a range of `_id` is a full scan on the embedded database. */
type Stored = Claim & { of: string };

const claims = (store: Store) => store.db.collection<Stored>('claims');

/** The owner's word for an object: `node/<id>`. */
export const ownerOf = (kind: ObjectKind, id: string): string => `${kind}/${id}`;

/** What a claim is one of: `mac/52:…` is one of `mac`, `ip/<networkId>/7` one of `ip/<networkId>`. */
function setOf(id: string): string {
  const [kind = '', within = ''] = id.split('/');
  return kind === 'mac' ? kind : `${kind}/${within}`;
}

/** Takes things by inserting them; a duplicate key (E11000) means that one of them is taken. */
export async function insertClaims(store: Store, session: ClientSession, wanted: readonly Pick<Claim, '_id' | 'owner'>[]): Promise<void> {
  if (wanted.length === 0) return;
  const at = new Date().toISOString();
  await claims(store).insertMany(wanted.map(({ _id, owner }) => ({ _id, owner, at, of: setOf(_id) })), { session });
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
export async function claimsAmong(store: Store, session: ClientSession, ids: readonly string[]): Promise<Claim[]> {
  return ids.length === 0 ? [] : claims(store).find({ _id: { $in: [...ids] } }, { session }).toArray();
}

/** Every bound MAC. */
export async function macClaims(store: Store, session: ClientSession): Promise<Claim[]> {
  return claims(store).find({ of: 'mac' }, { session }).toArray();
}

/** Every taken address of a network, with its offset. */
export async function addressClaims(store: Store, session: ClientSession, networkId: string): Promise<(Claim & { offset: number })[]> {
  const found = await claims(store).find({ of: `ip/${networkId}` }, { session }).toArray();
  return found.map((claim) => ({ ...claim, offset: Number(claim._id.slice(claim.of.length + 1)) }));
}

/** What some owner holds. */
export async function claimsOf(store: Store, session: ClientSession, owner: string): Promise<Claim[]> {
  return claims(store).find({ owner }, { session }).toArray();
}
