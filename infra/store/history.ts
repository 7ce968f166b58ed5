import type { Change } from '../../domain/change.ts';
import { changes, linesOfVersions } from './changes.ts';
import type { Store } from './connect.ts';
import { countersNow } from './version.ts';

/** Which lines of the history, newest first. `after`: only those before this line, by its `_id`. */
export interface HistoryQuery { kind?: Change['kind'] | undefined; name?: string | undefined; tx?: string | undefined; by?: string | undefined; after?: string | undefined; limit: number }

/**
 * Lines of the history, newest first. Those of an object or a transaction are found by an index; of all, as many
 * versions are read backwards as are needed: sorting would read the whole history.
 */
export async function historyOf(store: Store, { kind, name, tx, by, after, limit }: HistoryQuery): Promise<Change[]> {
  const fits = (line: Change): boolean => (kind === undefined || line.kind === kind) && (by === undefined || line.by === by) && (after === undefined || line._id < after);
  if (tx !== undefined) return newestFirst((await changes(store).find({ tx }).toArray()).filter(fits)).slice(0, limit);
  if (name !== undefined) return newestFirst(await ofName(store, name)).filter(fits).slice(0, limit);
  const now = await countersNow(store);
  const [what, n] = after === undefined ? [] : (await changes(store).findOne({ _id: after }))?.version.split(' ') ?? [];
  const newest = (counter: 'objects' | 'macs'): number => (counter === what ? Number(n) : now[counter]);
  const found = [...await backwards(store, 'objects', newest('objects'), limit, fits), ...await backwards(store, 'macs', newest('macs'), limit, fits)];
  return newestFirst(found).slice(0, limit);
}

/** The lines of a transaction, in the order they were made. */
export async function linesOfTx(store: Store, tx: string): Promise<Change[]> {
  return newestFirst(await changes(store).find({ tx }).toArray()).reverse();
}

/** Lines of what is called so, and of the same things under their other names. */
async function ofName(store: Store, name: string): Promise<Change[]> {
  const named = await changes(store).find({ name }).toArray();
  const found = new Map(named.map((line) => [line._id, line]));
  for (const id of new Set(named.filter(({ kind }) => kind !== 'mac' && kind !== 'artefact').map((line) => line.id))) {
    for (const line of await changes(store).find({ id }).toArray()) found.set(line._id, line);
  }
  return [...found.values()];
}

async function backwards(store: Store, what: 'objects' | 'macs', newest: number, limit: number, fits: (line: Change) => boolean): Promise<Change[]> {
  const found: Change[] = [];
  for (let n = newest; n > 0 && found.length < limit; n -= 1) found.push(...(await linesOfVersions(store, what, n, n)).filter(fits));
  return found;
}

function newestFirst(lines: Change[]): Change[] {
  return lines.sort((a, b) => (a._id > b._id ? -1 : 1));
}
