import type { ClientSession } from 'mongodb';
import type { Claim } from '../../domain/claims.ts';
import type { Store } from './connect.ts';
import { lists } from './some-of.ts';
import type { Write } from './writes.ts';

/** A claim as stored. `of` is what it is one of (`mac`, `ip/<networkId>`), indexed: a range of `_id` is a full scan on the embedded database. */
export type StoredClaim = Claim & { of: string };

/** So many owners are asked for one by one; for more, all claims are read at once. */
const OWNERS = 40;
/** So many claims are looked up by their ids; for more, all of the same sets are read. */
const IDS = 200;

/** What a claim is one of: `mac/52:…` is one of `mac`, `ip/<networkId>/7` one of `ip/<networkId>`. */
export function setOf(id: string): string {
  const [kind = '', within = ''] = id.split('/');
  return kind === 'mac' ? kind : `${kind}/${within}`;
}

/** Claims as a transaction sees them, read when they are first asked for; what is taken and given back is written when it ends. */
export class PendingClaims {
  readonly #store: Store;
  readonly #session: ClientSession;
  /** What the database holds (null: nothing), of the claims that were looked at. */
  readonly #origin = new Map<string, StoredClaim | null>();
  readonly #now = new Map<string, StoredClaim | null>();
  readonly #bySet = new Map<string, Map<string, StoredClaim>>();
  readonly #byOwner = new Map<string, Map<string, StoredClaim>>();
  readonly #setsRead = new Set<string>();
  readonly #ownersRead = new Set<string>();
  #allRead = false;

  constructor(store: Store, session: ClientSession) {
    this.#store = store;
    this.#session = session;
  }

  /** Those of some ids that are taken, by id. */
  async among(ids: readonly string[]): Promise<Map<string, StoredClaim>> {
    const unknown = ids.filter((id) => !this.#now.has(id) && !this.#allRead && !this.#setsRead.has(setOf(id)));
    if (unknown.length > IDS) for (const set of new Set(unknown.map(setOf))) await this.ofSet(set);
    else {
      for (const list of lists(unknown)) this.#learn(await this.#read({ _id: list.length === 1 ? list[0] : { $in: list } }));
      for (const id of unknown) if (!this.#now.has(id)) this.#set(id, null);
      for (const id of unknown) if (!this.#origin.has(id)) this.#origin.set(id, null);
    }
    return new Map(ids.flatMap((id) => { const claim = this.#now.get(id); return claim ? [[id, claim] as const] : []; }));
  }

  /** All of one set: `mac`, `ip/<networkId>`. */
  async ofSet(set: string): Promise<Iterable<StoredClaim>> {
    if (!this.#allRead && !this.#setsRead.has(set)) {
      this.#learn(await this.#read({ of: set }));
      this.#setsRead.add(set);
    }
    return this.#bySet.get(set)?.values() ?? [];
  }

  /** All that somebody holds. */
  async ofOwner(owner: string): Promise<StoredClaim[]> {
    if (!this.#allRead && !this.#ownersRead.has(owner)) {
      if (this.#ownersRead.size < OWNERS) this.#learn(await this.#read({ owner }));
      else {
        this.#learn(await this.#read({}));
        this.#allRead = true;
      }
      this.#ownersRead.add(owner);
    }
    return [...this.#byOwner.get(owner)?.values() ?? []];
  }

  /** Takes something that nobody has. */
  take(id: string, owner: string, at: string): void {
    this.#set(id, { _id: id, owner, at, of: setOf(id) });
  }

  /** Gives something back, if it is that owner's. Look it up before. */
  give(id: string, owner: string): void {
    if (this.#now.get(id)?.owner === owner) this.#set(id, null);
  }

  /** What has to be written. */
  writes(): Write[] {
    return [...this.#now].flatMap(([id, now]): Write[] => {
      const origin = this.#origin.get(id) ?? null;
      if (now === origin || (now && origin && now.owner === origin.owner)) return [];
      if (!now) return [{ in: 'claims', op: 'delete', id }];
      return [{ in: 'claims', op: origin ? 'replace' : 'insert', id, document: now }];
    });
  }

  async #read(filter: object): Promise<StoredClaim[]> {
    return this.#store.db.collection<StoredClaim>('claims').find(filter, { session: this.#session }).toArray();
  }

  #learn(found: readonly StoredClaim[]): void {
    for (const claim of found) {
      if (!this.#origin.has(claim._id)) this.#origin.set(claim._id, claim);
      if (!this.#now.has(claim._id)) this.#set(claim._id, claim);
    }
  }

  #set(id: string, claim: StoredClaim | null): void {
    const old = this.#now.get(id);
    if (old) {
      this.#bySet.get(old.of)?.delete(id);
      this.#byOwner.get(old.owner)?.delete(id);
    }
    this.#now.set(id, claim);
    if (!claim) return;
    within(this.#bySet, claim.of).set(id, claim);
    within(this.#byOwner, claim.owner).set(id, claim);
  }
}

function within(index: Map<string, Map<string, StoredClaim>>, key: string): Map<string, StoredClaim> {
  const found = index.get(key) ?? new Map<string, StoredClaim>();
  index.set(key, found);
  return found;
}
