import { ObjectId } from 'mongodb';
import type { BootRecord } from '../../domain/boot-record.ts';
import type { Store } from './connect.ts';

/** A boot record as it is kept. `who`: a MAC, else an address, else a node's id. */
export type TraceDocument = BootRecord & { readonly who: string; readonly noted: string };
type Kept = TraceDocument & { _id: ObjectId };

const trace = (store: Store) => store.db.collection<Kept>('trace');

/** So many records of one machine are kept, */
const PER_MACHINE = 500;
/** and so many in all. */
const IN_ALL = 200_000;

/** Keeps records in one write. It is not journalled: what a crash takes was for people to read, evidence is elsewhere. */
export async function appendTrace(store: Store, records: readonly TraceDocument[]): Promise<void> {
  if (records.length > 0) await trace(store).insertMany(records.map((record) => ({ ...record, _id: new ObjectId() })), { ordered: false, writeConcern: { w: 1, journal: false } });
}

/** Which records. Times are ISO 8601; `after` and `until` are about when a record was written down. */
export interface TraceQuery { whos: readonly string[]; since?: string | undefined; after?: string | undefined; until?: string | undefined; limit: number }

/** The newest records of one machine under any of its names, in the order in which things happened. */
export async function readTrace(store: Store, { whos, since, after, until, limit }: TraceQuery): Promise<Kept[]> {
  const noted = { ...(after === undefined ? {} : { $gt: after }), ...(until === undefined ? {} : { $lte: until }) };
  const filter = { who: { $in: [...whos] }, ...(since === undefined ? {} : { at: { $gte: since } }), ...(Object.keys(noted).length === 0 ? {} : { noted }) };
  const newest = await trace(store).find(filter).sort({ noted: -1 }).limit(limit).toArray();
  return newest.reverse().sort((a, b) => (a.at < b.at ? -1 : Number(a.at > b.at)));
}

/** Forgets what is older than `before` (ISO 8601), what these machines have too many of, and the oldest of too many in all. */
export async function trimTrace(store: Store, before: string, whos: Iterable<string>): Promise<void> {
  await trace(store).deleteMany({ noted: { $lt: before } });
  for (const who of whos) {
    const [last] = await trace(store).find({ who }).sort({ noted: -1 }).skip(PER_MACHINE).limit(1).toArray();
    if (last !== undefined) await trace(store).deleteMany({ who, noted: { $lte: last.noted } });
  }
  const over = await trace(store).estimatedDocumentCount() - IN_ALL;
  if (over <= 0) return;
  const [last] = await trace(store).find({}).sort({ noted: 1 }).skip(over).limit(1).toArray();
  if (last !== undefined) await trace(store).deleteMany({ noted: { $lt: last.noted } });
}
