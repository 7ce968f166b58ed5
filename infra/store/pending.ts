import type { ClientSession, Document } from 'mongodb';
import type { ObjectKind } from '../../domain/change.ts';
import { COLLECTION_OF } from './collections.ts';
import type { Store } from './connect.ts';
import { objectsInMemory, type SiteMemory } from './site-memory.ts';
import type { Write } from './writes.ts';

interface Stored { _id: string; name: string; rev: number }
/** What becomes of a document: null when it goes. `existed`: the database holds it. */
interface Pending { after: Stored | null; existed: boolean }
/** The ids of those that are put under a name: nodes are looked up by it, thousands of times in one change. */
type Names = Map<string, Set<string>>;

/**
 * The objects as a transaction sees them: what it has changed itself, else what is in memory (when that is the version
 * the transaction began with), else what the database holds. Writing waits until the transaction ends, so that thousands
 * of changes cost a few round trips, and a trial costs none.
 */
export class PendingObjects {
  readonly #store: Store;
  readonly #session: ClientSession;
  readonly #memory: SiteMemory['known'];
  readonly #pending = new Map<ObjectKind, Map<string, Pending>>();
  readonly #names = new Map<ObjectKind, Names>();

  constructor(store: Store, session: ClientSession, memory: SiteMemory['known']) {
    this.#store = store;
    this.#session = session;
    this.#memory = memory;
  }

  /** Those that have all these values, in no particular order. */
  async find(kind: ObjectKind, filter: Document): Promise<Stored[]> {
    const pending = this.#of(kind);
    const { _id, name } = filter as { _id?: string; name?: string };
    if (_id !== undefined && pending.has(_id)) return [pending.get(_id)?.after].filter((after) => after != null && fits(after, filter)) as Stored[];
    const changed: Stored[] = [];
    const looked = name === undefined ? pending.values() : [...this.#namesOf(kind).get(name) ?? []].map((id) => pending.get(id));
    for (const one of looked) if (one?.after && fits(one.after, filter)) changed.push(one.after);
    const there = await this.#stored(kind, filter);
    return [...there.filter((one) => !pending.has(one._id)), ...changed];
  }

  /** Puts a document in place; `existed` when it replaces one. */
  put(kind: ObjectKind, after: Stored, existed: boolean): void {
    const pending = this.#of(kind);
    const before = pending.get(after._id);
    pending.set(after._id, { after, existed: before?.existed ?? existed });
    this.#forgetName(kind, before);
    const names = this.#namesOf(kind);
    names.set(after.name, (names.get(after.name) ?? new Set()).add(after._id));
  }

  remove(kind: ObjectKind, id: string): void {
    const pending = this.#of(kind);
    const existed = pending.get(id)?.existed ?? true;
    this.#forgetName(kind, pending.get(id));
    if (existed) pending.set(id, { after: null, existed });
    else pending.delete(id);
  }

  /** What has to be written. */
  writes(): Write[] {
    return [...this.#pending].flatMap(([kind, pending]) => [...pending].map(([id, { after, existed }]): Write => {
      if (!after) return { in: COLLECTION_OF[kind], op: 'delete', id };
      return { in: COLLECTION_OF[kind], op: existed ? 'replace' : 'insert', id, document: after };
    }));
  }

  async #stored(kind: ObjectKind, filter: Document): Promise<Stored[]> {
    if (!this.#memory) return this.#store.db.collection<Stored>(COLLECTION_OF[kind]).find(filter, { session: this.#session }).toArray();
    const { site } = this.#memory;
    const objects = objectsInMemory(site, kind) as ReadonlyMap<string, Stored>;
    const { _id, name } = filter as { _id?: string; name?: string };
    const one = _id !== undefined ? objects.get(_id) : kind === 'node' && name !== undefined ? site.nodesByName.get(name) : undefined;
    if (one) return fits(one, filter) ? [one] : [];
    if (_id !== undefined || (kind === 'node' && name !== undefined)) return [];
    return [...objects.values()].filter((object) => fits(object, filter));
  }

  #of(kind: ObjectKind): Map<string, Pending> {
    const found = this.#pending.get(kind) ?? new Map<string, Pending>();
    this.#pending.set(kind, found);
    return found;
  }

  #namesOf(kind: ObjectKind): Names {
    const found: Names = this.#names.get(kind) ?? new Map<string, Set<string>>();
    this.#names.set(kind, found);
    return found;
  }

  #forgetName(kind: ObjectKind, pending: Pending | undefined): void {
    if (pending?.after) this.#namesOf(kind).get(pending.after.name)?.delete(pending.after._id);
  }
}

function fits(object: Stored, filter: Document): boolean {
  const values: Document = object;
  for (const field in filter) if (values[field] !== filter[field]) return false;
  return true;
}
