import { deflateSync, inflateSync } from 'node:zlib';
import { Binary, type ClientSession } from 'mongodb';
import type { Store } from './connect.ts';
import { isDuplicateKey } from './duplicate-key.ts';
import { inTransaction } from './transaction.ts';
import { advanceVersion } from './version.ts';
import { carryOut, type Write } from './writes.ts';

/**
 * A change too large for one transaction of the embedded database (docs/decisions/0005-bulk-changes.md). It is decided
 * when this document is there, and done when it is gone: until then nobody changes anything else, and nobody is told of
 * a new version of the site.
 */
interface Plan { _id: typeof OPEN; tx: string; batches: number; at: string; by: string }
/** A part of it; removed in the transaction that carries it out, so that doing it twice does nothing. */
interface Batch { _id: string; tx: string; at: string; writes: Binary }

/** There is one at a time. */
const OPEN = 'open';
/** So many writes are carried out in one transaction: what the embedded database's cache bears, twice. */
const BATCH = 1000;
/** Batches older than this belong to no transaction any more: the database ends those after a minute. */
const UNDECIDED_MS = 600_000;
/** A batch is a document, and a document has at most 16 MB; texts make some writes long. */
const BATCH_BYTES = 4_000_000;

const plans = (store: Store) => store.db.collection<Plan>('plans');
const batches = (store: Store) => store.db.collection<Batch>('batches');

/** Thrown in a transaction that meets a plan somebody has decided: it has to be finished first. */
export class PlanIsOpen extends Error {}

/** Whether so many writes fit into one transaction. */
export function fitsOneTransaction(writes: readonly Write[]): boolean {
  return writes.length <= BATCH && bytesOf(writes) <= BATCH_BYTES;
}

/** Throws {@link PlanIsOpen} when one is. */
export async function refuseOpenPlan(store: Store, session: ClientSession): Promise<void> {
  if (await plans(store).findOne({ _id: OPEN }, { session })) throw new PlanIsOpen();
}

/** Journals a plan's batches, then decides it as a part of the transaction that has worked it out. */
export async function decidePlan(store: Store, session: ClientSession, { tx, by, writes }: { tx: string; by: string; writes: readonly Write[] }): Promise<void> {
  const parts = inBatches(writes);
  const at = new Date().toISOString();
  for (const [i, part] of parts.entries()) await batches(store).insertOne({ _id: `${tx}/${i}`, tx, at, writes: packed(part) });
  await plans(store).insertOne({ _id: OPEN, tx, batches: parts.length, at, by }, { session });
}

/**
 * Finishes the plan that is open, whoever began it; true when there was one. Several may do it at once. The last of its
 * transactions makes the new version known.
 */
export async function finishPlan(store: Store): Promise<boolean> {
  const plan = await plans(store).findOne({ _id: OPEN });
  if (!plan) return false;
  for (let i = 0; i < plan.batches; i += 1) await finishBatch(store, `${plan.tx}/${i}`);
  await inTransaction(store, async (session) => {
    const { deletedCount } = await plans(store).deleteOne({ _id: OPEN, tx: plan.tx }, { session });
    if (deletedCount === 1) await advanceVersion(store, session, 'objects');
  });
  return true;
}

/** Removes batches of plans that were never decided: those that another process may be about to decide are younger. */
export async function dropUndecided(store: Store, now = Date.now()): Promise<void> {
  const found = await batches(store).find({}, { projection: { tx: 1, at: 1 } }).toArray();
  const old = found.filter(({ at }) => Date.parse(at) < now - UNDECIDED_MS);
  const plan = await plans(store).findOne({ _id: OPEN });
  for (const tx of new Set(old.map((batch) => batch.tx))) if (tx !== plan?.tx) await batches(store).deleteMany({ tx });
}

async function finishBatch(store: Store, _id: string): Promise<void> {
  const attempt = (replacing: boolean) => inTransaction(store, async (session) => {
    const batch = await batches(store).findOne({ _id }, { session });
    if (!batch) return;
    await batches(store).deleteOne({ _id }, { session });
    await carryOut(store, session, unpacked(batch.writes), { replacing });
  });
  // A MAC may have been bound since the plan was decided; what was decided stands.
  await attempt(false).catch((error: unknown) => isDuplicateKey(error) ? attempt(true) : Promise.reject(error as Error));
}

/** Documents hold nothing but JSON, and the embedded database would look at every field of a thousand of them. */
function packed(writes: readonly Write[]): Binary {
  return new Binary(deflateSync(JSON.stringify(writes), { level: 1 }));
}

function unpacked({ buffer }: Binary): Write[] {
  return JSON.parse(inflateSync(buffer).toString()) as Write[];
}

function inBatches(writes: readonly Write[]): Write[][] {
  const found: Write[][] = [];
  let [part, bytes]: [Write[], number] = [[], 0];
  for (const write of writes) {
    const size = bytesOf([write]);
    if (part.length === BATCH || (part.length > 0 && bytes + size > BATCH_BYTES)) {
      found.push(part);
      [part, bytes] = [[], 0];
    }
    part.push(write);
    bytes += size;
  }
  return part.length > 0 ? [...found, part] : found;
}

/** About: what matters is whether scripts of hundreds of kilobytes are among them. */
function bytesOf(writes: readonly Write[]): number {
  return writes.reduce((sum, write) => sum + ('document' in write ? JSON.stringify(write.document).length : 40), 0);
}
