import { randomBytes } from 'node:crypto';
import type { Change, Diff, NotedChange } from '../../domain/change.ts';
import type { Store } from './connect.ts';
import { type Counters, versionOf } from './version.ts';
import type { Write } from './writes.ts';

/** The collection of the history. */
export const changes = (store: Store) => store.db.collection<Change>('changes');

/** A word for what is done together, short enough to type: `luna undo 3f9a02c41b`. */
export function newTx(): string {
  return randomBytes(5).toString('hex');
}

/** The lines of a transaction. Several notes of one object become one line: from what it was to what it is now. */
export function linesOf(noted: readonly NotedChange[], { tx, by, version }: { tx: string; by: string; version: string }): Change[] {
  const at = new Date().toISOString();
  const merged = new Map<string, NotedChange>();
  for (const note of noted) {
    const key = `${note.kind}/${note.id}`;
    const before = merged.get(key);
    merged.set(key, before ? { ...note, diff: joined(before.diff, note.diff) } : note);
  }
  return [...merged.values()].map((note, i) => ({ _id: `${at}/${tx}/${String(i).padStart(6, '0')}`, at, tx, version, by, ...note }));
}

/** Lines as they are written, within the transaction that changes the things themselves. */
export function writesOf(lines: readonly Change[]): Write[] {
  return lines.map((line) => ({ in: 'changes', op: 'insert', id: line._id, document: line }));
}

/** The lines of a few versions, in order. Equality on an index: a range of `_id` would read the whole history. */
export async function linesOfVersions(store: Store, what: keyof Counters, from: number, to: number): Promise<Change[]> {
  const found: Change[] = [];
  for (let n = from; n <= to; n += 1) {
    const lines = await changes(store).find({ version: versionOf(what, n) }).toArray();
    found.push(...lines.sort((a, b) => (a._id < b._id ? -1 : 1)));
  }
  return found;
}

function joined(first: Diff, second: Diff): Diff {
  const all = { ...first };
  for (const [field, [before, after]] of Object.entries(second)) all[field] = [first[field]?.[0] ?? before, after];
  return all;
}
