import { randomBytes } from 'node:crypto';
import type { AuditLine, AuditRecord } from '../../domain/audit.ts';
import type { Store } from './connect.ts';

const audit = (store: Store) => store.db.collection<AuditRecord>('audit');

/** So many of the newest lines are kept. */
const KEPT = 100_000;
/** Lines are forgotten so many at a time. */
const SLICE = 1000;

/** Adds a line. */
export async function addAuditLine(store: Store, line: AuditLine): Promise<void> {
  await audit(store).insertOne({ _id: `${line.at}/${randomBytes(4).toString('hex')}`, ...line });
}

/** Which lines; `after` goes on where a page ended. */
interface AuditQuery { limit: number; after?: string | undefined; refused?: '1' | undefined; by?: string | undefined }

/** The newest lines, newest first. */
export async function auditLines(store: Store, { limit, after, refused, by }: AuditQuery): Promise<AuditRecord[]> {
  const filter = { ...(after === undefined ? {} : { _id: { $lt: after } }), ...(refused ? { status: { $gte: 400 } } : {}), ...(by === undefined ? {} : { by }) };
  return audit(store).find(filter).sort({ _id: -1 }).limit(limit).toArray();
}

/** Forgets the oldest lines beyond those that are kept; returns how many. */
export async function trimAudit(store: Store, kept: number = KEPT): Promise<number> {
  const over = await audit(store).estimatedDocumentCount() - kept;
  for (let gone = 0; gone < over; gone += SLICE) {
    const oldest = await audit(store).find({}, { projection: { _id: 1 } }).sort({ _id: 1 }).limit(Math.min(SLICE, over - gone)).toArray();
    await audit(store).deleteMany({ _id: { $in: oldest.map(({ _id }) => _id) } });
  }
  return Math.max(0, over);
}
