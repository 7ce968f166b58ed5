import { randomUUID } from 'node:crypto';
import type { Collection } from 'mongodb';
import type { Bmcsetup } from '../../domain/bmcsetup.ts';
import { type Diff, type ObjectKind, REMOVED } from '../../domain/change.ts';
import { diffOf, SECRET } from '../../domain/change-diff.ts';
import { nameClaim } from '../../domain/claims.ts';
import type { Cluster } from '../../domain/cluster.ts';
import { LunaError, StaleRevision } from '../../domain/errors.ts';
import type { Group } from '../../domain/group.ts';
import type { Network } from '../../domain/network.ts';
import type { Node } from '../../domain/node.ts';
import type { Otherdev } from '../../domain/otherdev.ts';
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
  otherdev: Otherdev;
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
  const [first = null] = await tx.objects.find(kind, filter);
  return first as Objects[K] | null;
}

/** All objects that the filter finds, by name. */
export async function findObjects<K extends ObjectKind>(tx: Tx, kind: K, filter: Partial<Objects[K]> = {}): Promise<Objects[K][]> {
  const found = await tx.objects.find(kind, filter) as Objects[K][];
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
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
  tx.objects.put(kind, object, false);
  noteChange(tx, kind, object, diffOf(null, object));
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
    await deleteClaims(tx, [{ _id: nameClaim(kind, name), owner: ownerOf(kind, _id) }]);
  }
  if (seen !== rev) throw stale(kind, before, seen);
  tx.objects.put(kind, after, true);
  noteChange(tx, kind, after, diffOf(before, after));
  return after;
}

function stale(kind: ObjectKind, { name, rev }: { name: string; rev: number }, seen: number): StaleRevision {
  return new StaleRevision(`${kind} ${name} was changed meanwhile (revision ${rev}, not ${seen})`, rev, `luna ${kind} show ${name}`);
}

/**
 * Removes an object and gives back all it has claimed. `seen` is the revision that the sender knew; LunaError `conflict`
 * when it has another by now.
 */
export async function removeObject<K extends ObjectKind>(tx: Tx, kind: K, object: Objects[K], seen: number = object.rev): Promise<void> {
  if (seen !== object.rev) throw stale(kind, object, seen);
  tx.objects.remove(kind, object._id);
  const freed = await deleteClaimsOf(tx, ownerOf(kind, object._id));
  noteChange(tx, kind, { ...object, rev: REMOVED }, diffOf(object, null));
  for (const { _id } of freed) if (_id.startsWith(MAC)) noteMac(tx, _id.slice(MAC.length), object.name, object._id, null);
}

/** Adds a line to the history of this change. */
export function noteChange(tx: Tx, kind: ObjectKind, { _id, name, rev }: { _id: string; name: string; rev: number }, diff: Diff): void {
  tx.changes.push({ kind, id: _id, name, rev, diff });
}

/** Adds to an object's line that a secret of it was set, and not what it is. */
export function noteSecret(tx: Tx, kind: ObjectKind, object: { _id: string; name: string; rev: number }, field: string): void {
  noteChange(tx, kind, object, { [field]: [null, SECRET] });
}

const MAC = 'mac/';

/** Adds the line of a MAC that was one node's and is another's, by their ids; null is nobody. `name`: the node's it is about. */
export function noteMac(tx: Tx, mac: string, name: string, from: string | null, to: string | null): void {
  tx.changes.push({ kind: 'mac', id: mac, name, rev: to === null ? REMOVED : 0, diff: { node: [from, to] } });
}
