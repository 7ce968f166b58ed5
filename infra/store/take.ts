import { MongoBulkWriteError } from 'mongodb';
import type { ObjectKind } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Tx } from './change-objects.ts';
import { claimsAmong, insertClaims } from './claims.ts';
import { COLLECTION_OF } from './collections.ts';
import { isDuplicateKey } from './duplicate-key.ts';

/** Something to be claimed, how to call it when it can't be (`10.30.0.7`, `the name node001`), and for whom. */
export interface Wanted { id: string; what: string; owner: string }

/** Up to so many claims are looked up before they are inserted, to say who has them; more would be slow. */
const LOOKED_UP = 16;

/**
 * Claims things; of a few, what an owner has already he keeps. Throws LunaError `taken` that names who has one of them.
 * (A race for a claim ends in a duplicate key; the transaction then runs again and finds the winner here.)
 */
export async function take(tx: Tx, wanted: readonly Wanted[]): Promise<void> {
  if (wanted.length > LOOKED_UP) return takeMany(tx, wanted);
  const there = new Map((await claimsAmong(tx.store, tx.session, wanted.map(({ id }) => id))).map(({ _id, owner }) => [_id, owner]));
  for (const { id, what, owner } of wanted) {
    const holder = there.get(id);
    if (holder === undefined || holder === owner) continue;
    const { name, next } = await nameOf(tx, id, holder);
    throw new LunaError('taken', `${what} is taken by ${name}`, next);
  }
  await insertClaims(tx.store, tx.session, wanted.filter(({ id }) => !there.has(id)).map(({ id, owner }) => ({ _id: id, owner })));
}

async function takeMany(tx: Tx, wanted: readonly Wanted[]): Promise<void> {
  try {
    await insertClaims(tx.store, tx.session, wanted.map(({ id, owner }) => ({ _id: id, owner })));
  } catch (error) {
    const [first] = error instanceof MongoBulkWriteError && isDuplicateKey(error) ? [error.writeErrors].flat() : [];
    if (!first) throw error;
    throw new LunaError('taken', `${wanted[first.index]?.what ?? 'something'} is taken already; nothing was changed`, 'luna node list');
  }
}

/** The owner of a claim, `node/<id>`, for people. */
async function nameOf(tx: Tx, claim: string, owner: string): Promise<{ name: string; next: string }> {
  const [kind, id = ''] = owner.split('/') as [ObjectKind, string?];
  if (kind === 'cluster' && claim.startsWith('ip/')) return { name: 'the cluster (its frontend address)', next: 'luna cluster show' };
  const object = await tx.store.db.collection<{ _id: string; name: string }>(COLLECTION_OF[kind]).findOne({ _id: id }, { session: tx.session });
  const name = object?.name ?? id;
  const reserved = kind === 'network' && claim.startsWith('ip/') ? ' (its gateway or name server)' : '';
  return { name: `${kind} ${name}${reserved}`, next: `luna ${kind} show ${name}` };
}
