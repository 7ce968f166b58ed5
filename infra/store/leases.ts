import type { ClientSession, ObjectId } from 'mongodb';
import type { Lease } from '../../domain/lease.ts';
import type { Store } from './connect.ts';
import { lists } from './some-of.ts';

/**
 * Leases that were written together, a line of JSON for each. A document costs the embedded database many times what a lease
 * in it does, and a field many times what the same does as text; a boot storm has thousands of leases a second.
 */
interface Batch { readonly _id: ObjectId; readonly lines: string }
/** Before that they were fields of one document, and still before each was a document of its own. */
type Kept = Batch | { readonly _id: ObjectId; readonly leases: readonly Lease[] } | (Lease & { readonly _id: ObjectId });

/** Leases of one document: far below what one may hold. */
const TOGETHER = 1000;

const batches = (store: Store) => store.db.collection<Omit<Batch, '_id'>>('leases');
const kept = (store: Store) => store.db.collection<Kept>('leases');

function within(document: Kept): readonly Lease[] {
  if ('lines' in document) return document.lines.split('\n').map((line) => JSON.parse(line) as Lease);
  if ('leases' in document) return document.leases;
  const { _id, ...lease } = document;
  return [lease];
}

/** Appends leases in one journalled write: inserts are cheap on the embedded database, updates are not. */
export async function appendLeases(store: Store, batch: readonly Lease[]): Promise<void> {
  for (let from = 0; from < batch.length; from += TOGETHER) {
    await batches(store).insertOne({ lines: batch.slice(from, from + TOGETHER).map((lease) => JSON.stringify(lease)).join('\n') });
  }
}

/** The newest lease of each address of each network, oldest first; those that were given back are among them. */
export function loadLeases(store: Store): Promise<Lease[]> {
  return leasesWithin(store);
}

/** {@link loadLeases} as a part of a transaction. */
export async function leasesWithin(store: Store, session?: ClientSession): Promise<Lease[]> {
  const newest = new Map<string, Lease>();
  for await (const document of kept(store).find({}, session ? { session } : {})) keepNewest(within(document), newest);
  return [...newest.values()].sort(byAge);
}

/**
 * Removes records that a newer one of the same address has replaced, and those that ended before `endedBefore`
 * (ISO 8601). Safe while others append, and when it is cut short: what is still wanted of a document is written anew
 * before the document goes, and a lease that is there twice says nothing else than once.
 */
export async function compactLeases(store: Store, endedBefore: string): Promise<number> {
  const documents = (await kept(store).find({}).toArray()).map((document) => ({ _id: document._id, leases: within(document) }));
  const newest = new Map<string, Lease>();
  for (const { leases } of documents) keepNewest(leases, newest);
  const isWanted = (lease: Lease): boolean => newest.get(keyOf(lease)) === lease && lease.expires >= endedBefore;
  const changed = documents.filter(({ leases }) => !leases.every(isWanted));
  const before = changed.flatMap(({ leases }) => leases);
  const wanted = before.filter(isWanted);
  await appendLeases(store, wanted);
  for (const list of lists(changed.map(({ _id }) => _id))) await kept(store).deleteMany({ _id: { $in: list } });
  return before.length - wanted.length;
}

/** The MAC that was given this address last; null when none was. */
export async function leaseHolder(store: Store, ip: string): Promise<string | null> {
  return (await loadLeases(store)).filter((lease) => lease.ip === ip).at(-1)?.mac ?? null;
}

function keepNewest(leases: readonly Lease[], newest: Map<string, Lease>): void {
  for (const lease of leases) {
    const known = newest.get(keyOf(lease));
    if (known === undefined || lease.at >= known.at) newest.set(keyOf(lease), lease);
  }
}

function keyOf({ networkId, ip }: Lease): string {
  return `${networkId}/${ip}`;
}

function byAge(a: Lease, b: Lease): number {
  if (a.at === b.at) return 0;
  return a.at < b.at ? -1 : 1;
}
