import type { Filter } from 'mongodb';
import type { Change } from '../../domain/change.ts';
import { changes, linesOfVersions } from './changes.ts';
import type { Store } from './connect.ts';
import { countersNow } from './version.ts';

/** Which lines of the history, newest first. `after`: only those before this line, by its `_id`. */
export interface HistoryQuery { kind?: Change['kind'] | undefined; name?: string | undefined; tx?: string | undefined; by?: string | undefined; after?: string | undefined; limit: number }

/** The first stretch of time in which lines of somebody or of a kind are looked for, in milliseconds; each next reaches so many times farther back. */
const [STRETCH, FARTHER] = [60_000, 4];

/**
 * Lines of the history, newest first. Those of an object or a transaction are found by an index, those of somebody or of a
 * kind as far back as are needed; of all, as many versions are read backwards: sorting would read the whole history.
 */
export async function historyOf(store: Store, { kind, name, tx, by, after, limit }: HistoryQuery): Promise<Change[]> {
  const fits = (line: Change): boolean => (kind === undefined || line.kind === kind) && (by === undefined || line.by === by) && (after === undefined || line._id < after);
  if (tx !== undefined) return newestFirst((await changes(store).find({ tx }).toArray()).filter(fits)).slice(0, limit);
  if (name !== undefined) return newestFirst(await ofName(store, name)).filter(fits).slice(0, limit);
  if (by !== undefined || kind !== undefined) return (await lately(store, by === undefined ? { kind } : { by }, { after, limit }, fits)).slice(0, limit);
  const now = await countersNow(store);
  const [what, n] = after === undefined ? [] : (await changes(store).findOne({ _id: after }))?.version.split(' ') ?? [];
  const newest = (counter: 'objects' | 'macs'): number => (counter === what ? Number(n) : now[counter]);
  const found = [...await backwards(store, 'objects', newest('objects'), limit, fits), ...await backwards(store, 'macs', newest('macs'), limit, fits)];
  return newestFirst(found).slice(0, limit);
}

/**
 * The newest lines that one field finds, and that fit. They are read in stretches of time, which an index has together: the
 * embedded database reads all that an equality finds, however few are asked for.
 */
async function lately(store: Store, field: Pick<HistoryQuery, 'by' | 'kind'>, { after, limit }: Pick<HistoryQuery, 'after' | 'limit'>, fits: (line: Change) => boolean): Promise<Change[]> {
  const newest = (after === undefined ? null : await changes(store).findOne({ _id: after }, { projection: { at: 1 } }))?.at;
  const now = newest === undefined ? Date.now() : Date.parse(newest);
  const found: Change[] = [];
  let before = after;
  for (let ago = STRETCH; found.length < limit; ago *= FARTHER) {
    // Before 1970 nothing was.
    const since = ago < now ? new Date(now - ago).toISOString() : '';
    const lines = await changes(store).find({ ...field, _id: { $gte: since, ...(before === undefined ? {} : { $lt: before }) } } as Filter<Change>).toArray();
    found.push(...newestFirst(lines.filter(fits)));
    if (since === '') break;
    before = since;
  }
  return found;
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
