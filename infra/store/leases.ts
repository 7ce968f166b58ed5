import type { Lease } from '../../domain/lease.ts';
import type { Store } from './connect.ts';
import { lists } from './some-of.ts';

const leases = (store: Store) => store.db.collection<Lease>('leases');

/** Appends leases in one journalled write: inserts are cheap on the embedded database, updates are not. */
export async function appendLeases(store: Store, batch: readonly Lease[]): Promise<void> {
  if (batch.length > 0) await leases(store).insertMany(batch.map((lease) => ({ ...lease })), { ordered: false });
}

/** The newest lease of each address of each network, oldest first; those that were given back are among them. */
export async function loadLeases(store: Store): Promise<Lease[]> {
  const newest = new Map<string, Lease>();
  for await (const { _id, ...lease } of leases(store).find({}).sort({ at: 1 })) {
    const key = `${lease.networkId}/${lease.ip}`;
    newest.delete(key);
    newest.set(key, lease);
  }
  return [...newest.values()];
}

/**
 * Removes records that a newer one of the same address has replaced, and those that ended before `endedBefore`
 * (ISO 8601). Safe while others append.
 */
export async function compactLeases(store: Store, endedBefore: string): Promise<number> {
  const seen = new Set<string>();
  const stale = [];
  for await (const lease of leases(store).find({}).sort({ at: -1 })) {
    const key = `${lease.networkId}/${lease.ip}`;
    if (seen.has(key) || lease.expires < endedBefore) stale.push(lease._id);
    seen.add(key);
  }
  for (const list of lists(stale)) await leases(store).deleteMany({ _id: { $in: list } });
  return stale.length;
}
