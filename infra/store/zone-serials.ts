import { risingSerial } from '../../domain/zone-serial.ts';
import type { Store } from './connect.ts';
import { isDuplicateKey } from './duplicate-key.ts';

/** The content of a zone; any change of it changes `hash`. */
export interface ZoneContent { name: string; hash: string }

/** The serial a zone's newest content has, and by which version of the site that came. */
interface ZoneSerial { _id: string; serial: number; hash: string; version: number }

/** How often a serial that somebody else moves at the same time is looked at again. */
const TRIES = 5;

/**
 * The serials of zones, by name. All processes that answer for a zone agree on them, also after a restart: a content has
 * one serial, another has a higher one. `version`: that of the site the contents are from; whoever lags behind moves
 * nothing and gets no serial for what is old by now.
 */
export async function agreeOnSerials(store: Store, zones: readonly ZoneContent[], version: number, changedAt: Date): Promise<Map<string, number>> {
  const serials = store.db.collection<ZoneSerial>('zoneserials');
  const agreed = new Map<string, number>();
  let open = zones;
  for (let attempt = 0; open.length > 0 && attempt < TRIES; attempt++) {
    const known = new Map((await serials.find({}).toArray()).map((one) => [one._id, one]));
    const again: ZoneContent[] = [];
    for (const zone of open) {
      const { name: _id, hash } = zone;
      const before = known.get(_id);
      if (before?.hash === hash) agreed.set(_id, before.serial);
      else if (before !== undefined && before.version > version) continue;
      else {
        const next = { hash, version, serial: risingSerial(changedAt, before?.serial ?? null) };
        const isMine = before === undefined
          ? await serials.insertOne({ _id, ...next }).then(() => true, ignoreDuplicate)
          : (await serials.updateOne({ _id, serial: before.serial }, { $set: next })).modifiedCount === 1;
        if (isMine) agreed.set(_id, next.serial);
        else again.push(zone);
      }
    }
    open = again;
  }
  return agreed;
}

/** Another process was first. */
function ignoreDuplicate(error: unknown): false {
  if (isDuplicateKey(error)) return false;
  throw error;
}
