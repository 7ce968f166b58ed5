import type { Sighting } from '../../domain/sighting.ts';
import type { Store } from './connect.ts';

const sightings = (store: Store) => store.db.collection<Sighting>('sightings');

/** What is known now of a machine; `where` undefined leaves what a switch told before. */
export type Seen = Pick<Sighting, 'mac' | 'networkId' | 'ip' | 'arch'> & { at: string; where?: string | null };

/** Notes machines that were seen: the first time is kept, the rest is what was seen last. */
export async function recordSightings(store: Store, seen: readonly Seen[]): Promise<void> {
  if (seen.length === 0) return;
  await sightings(store).bulkWrite(seen.map(({ at, where, ...what }) => ({
    updateOne: {
      filter: { _id: what.mac },
      update: {
        $set: { ...what, lastSeen: at, ...(where === undefined ? {} : { where }) },
        $setOnInsert: { firstSeen: at, ...(where === undefined ? { where: null } : {}) },
      },
      upsert: true,
    },
  })), { ordered: false });
}

/** Everything that was seen, newest first. */
export async function allSightings(store: Store): Promise<Sighting[]> {
  return sightings(store).find({}).sort({ lastSeen: -1 }).toArray();
}

/** Forgets machines that were last seen before `before` (ISO 8601). */
export async function forgetSightings(store: Store, before: string): Promise<void> {
  await sightings(store).deleteMany({ lastSeen: { $lt: before } });
}
