import { randomUUID } from 'node:crypto';
import type { Collection, Filter, OptionalUnlessRequiredId } from 'mongodb';
import type { Bmcsetup } from '../../domain/bmcsetup.ts';
import { type ObjectKind, REMOVED } from '../../domain/change.ts';
import { nameClaim } from '../../domain/claims.ts';
import type { Cluster } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import type { Group } from '../../domain/group.ts';
import type { Network } from '../../domain/network.ts';
import type { Node } from '../../domain/node.ts';
import type { Osimage } from '../../domain/osimage.ts';
import type { Switch } from '../../domain/switch.ts';
import type { Tx } from './change-objects.ts';
import { deleteClaims, deleteClaimsOf, ownerOf } from './claims.ts';
import { COLLECTION_OF } from './collections.ts';
import type { Store } from './connect.ts';
import { take, type Wanted } from './take.ts';

/** The document of each kind. */
export interface Objects {
  cluster: Cluster;
  network: Network;
  switch: Switch;
  osimage: Osimage;
  bmcsetup: Bmcsetup;
  group: Group;
  node: Node;
}

/** The collection of a kind. */
export function objects<K extends ObjectKind>(store: Store, kind: K): Collection<Objects[K]> {
  return store.db.collection<Objects[K]>(COLLECTION_OF[kind]);
}

/** Identity and revision of an object that is being made. */
export function identity(): { _id: string; rev: number } {
  return { _id: randomUUID(), rev: 0 };
}

/** The first object that the filter finds, or null. */
export async function findObject<K extends ObjectKind>(tx: Tx, kind: K, filter: Partial<Objects[K]>): Promise<Objects[K] | null> {
  return await objects(tx.store, kind).findOne(filter as Filter<Objects[K]>, { session: tx.session }) as Objects[K] | null;
}

/** All objects that the filter finds, by name. */
export async function findObjects<K extends ObjectKind>(tx: Tx, kind: K, filter: Partial<Objects[K]> = {}): Promise<Objects[K][]> {
  return await objects(tx.store, kind).find(filter as Filter<Objects[K]>, { session: tx.session }).sort({ name: 1 }).toArray() as Objects[K][];
}

/** The object of that name. Throws LunaError `not-found`. */
export async function objectNamed<K extends ObjectKind>(tx: Tx, kind: K, name: string): Promise<Objects[K]> {
  const found = await findObject(tx, kind, { name } as Partial<Objects[K]>);
  if (!found) throw new LunaError('not-found', `there is no ${kind} named ${name}`, `luna ${kind} ${kind === 'cluster' ? 'init' : 'list'}`);
  return found;
}

/** The claim on an object's name. */
export function wantedName(kind: ObjectKind, { _id, name }: { _id: string; name: string }): Wanted {
  return { id: nameClaim(kind, name), what: `the name ${name}`, owner: ownerOf(kind, _id) };
}

/** Inserts a new object with its name. Throws LunaError `taken` when the name is in use. */
export async function insertObject<K extends ObjectKind>(tx: Tx, kind: K, object: Objects[K]): Promise<Objects[K]> {
  await take(tx, [wantedName(kind, object)]);
  await objects(tx.store, kind).insertOne(object as OptionalUnlessRequiredId<Objects[K]>, { session: tx.session });
  noteChange(tx, kind, object);
  return object;
}

/**
 * Puts a new version in an object's place. `seen` is the revision that the sender knew.
 * Throws LunaError `conflict` when the object has another by now, `taken` when a new name is in use.
 */
export async function replaceObject<K extends ObjectKind>(
  tx: Tx, kind: K, before: Objects[K], changes: Partial<Objects[K]>, seen: number = before.rev,
): Promise<Objects[K]> {
  const { _id, rev, name } = before;
  const after = { ...before, ...changes, _id, rev: rev + 1 };
  if (after.name !== name) {
    await take(tx, [wantedName(kind, after)]);
    await deleteClaims(tx.store, tx.session, [{ _id: nameClaim(kind, name), owner: ownerOf(kind, _id) }]);
  }
  const filter = { _id, rev: seen } as Filter<Objects[K]>;
  const replaced = seen === rev && await objects(tx.store, kind).replaceOne(filter, after, { session: tx.session });
  if (!replaced || replaced.matchedCount !== 1) {
    throw new LunaError('conflict', `${kind} ${name} was changed meanwhile (revision ${rev}, not ${seen})`, `luna ${kind} show ${name}`);
  }
  noteChange(tx, kind, after);
  return after;
}

/** Removes an object and gives back all it has claimed. */
export async function removeObject<K extends ObjectKind>(tx: Tx, kind: K, object: Objects[K]): Promise<void> {
  await objects(tx.store, kind).deleteOne({ _id: object._id } as Filter<Objects[K]>, { session: tx.session });
  await deleteClaimsOf(tx.store, tx.session, ownerOf(kind, object._id));
  noteChange(tx, kind, { ...object, rev: REMOVED });
}

/** Adds a line to the history of this change. */
export function noteChange(tx: Tx, kind: ObjectKind, { _id, name, rev }: { _id: string; name: string; rev: number }): void {
  tx.changes.push({ kind, id: _id, name, rev });
}
