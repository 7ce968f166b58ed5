import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MongoNetworkError } from 'mongodb';
import { LunaError } from '../../domain/errors.ts';
import { changes } from '../../infra/store/changes.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { reapClaims } from '../../infra/store/reap-claims.ts';
import { loadSite } from '../../infra/store/site.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { startDocuments } from '../support/documents.ts';
import { poolFaults, poolsNow } from '../support/pool-faults.ts';
import { type Client, drawOperation, OPERATIONS } from '../support/pool-operations.ts';
import { poolWorld } from '../support/pool-world.ts';
import { seeded } from '../support/random.ts';
import { silentLog } from '../support/silent-log.ts';
import { testSecrets } from '../support/site-store.ts';

/** All clients together; the long run: LUNA_POOL_OPERATIONS=10000. */
const operations = Number(process.env['LUNA_POOL_OPERATIONS'] ?? 200);
const seed = Number(process.env['LUNA_POOL_SEED'] ?? 20128291);
const CLIENTS = 8;
/** The clients are those of so many API processes; in half of these the site is in memory. */
const PROCESSES = 4;
/** How often, in operations, everything is looked at in between. */
const LOOKED_AT = 100;

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

test(`gives no address twice and loses none in ${operations} operations of ${CLIENTS} clients at once`, async (t) => {
  const stores = await Promise.all(Array.from({ length: PROCESSES }, () => openStore(documents.uri, { log: silentLog, database: 'pools', secrets: testSecrets })));
  t.after(() => Promise.all(stores.map((store) => store.close())));
  const [first] = stores as [Store, ...Store[]];
  await poolWorld(first);
  const watches = await Promise.all(stores.slice(0, PROCESSES / 2).map((store) => watchSite(store, silentLog)));
  t.after(() => Promise.all(watches.map((watch) => watch.stop())));
  const outcomes = new Map<string, Map<string, number>>();
  const acknowledged: { _id: string; rev: number }[] = [];
  let begun = 0;

  await Promise.all(Array.from({ length: CLIENTS }, async (_, i) => {
    const client: Client = { store: stores[i % PROCESSES] ?? first, random: seeded(seed + i), by: `client${i}` };
    while (begun < operations) {
      begun += 1;
      const looks = begun % LOOKED_AT === 0;
      await operate(client);
      if (looks) await look(client.store);
    }
  }));

  await reapClaims(first, 'test');
  assert.deepEqual(poolFaults(await poolsNow(first)), []);
  const lines = new Set((await changes(first).find({}).toArray()).map(({ id, rev }) => `${id} ${rev}`));
  assert.deepEqual(acknowledged.filter(({ _id, rev }) => !lines.has(`${_id} ${rev}`)), []);
  const site = await loadSite(first);
  for (const watch of watches) assert.deepEqual(await watch.refresh(), site);
  told();

  /** A MAC may be bound in the moment its node is removed; that is found and freed later. */
  async function look(store: Store): Promise<void> {
    const now = await poolsNow(store).catch((error: unknown) => isAway(error) ? null : Promise.reject(error as Error));
    assert.deepEqual(now === null ? [] : poolFaults(now).filter((fault) => !fault.startsWith('mac/')), []);
  }

  async function operate(client: Client): Promise<void> {
    const name = drawOperation(client.random);
    const note = (outcome: string): void => {
      const seen = outcomes.get(name) ?? new Map<string, number>();
      outcomes.set(name, seen.set(outcome, (seen.get(outcome) ?? 0) + 1));
    };
    try {
      const made = await OPERATIONS[name]?.[1](client);
      for (const one of Array.isArray(made) ? made as unknown[] : [made]) if (isObject(one)) acknowledged.push(one);
      note('done');
    } catch (error) {
      if (!isAway(error) && !(error instanceof LunaError)) throw new Error(`${name} (seed ${seed})`, { cause: error });
      note(error instanceof LunaError ? error.code : 'away');
    }
  }

  function told(): void {
    for (const [name, seen] of outcomes) t.diagnostic(`${name}: ${[...seen].map(([outcome, times]) => `${times} ${outcome}`).join(', ')}`);
    const done = [...outcomes.values()].reduce((sum, seen) => sum + (seen.get('done') ?? 0), 0);
    t.diagnostic(`${done} of ${begun} were done; the rest was refused`);
    assert.ok(done > operations / 4, 'most was refused');
  }
});

/** A database that is away for a while, on a machine with too much to do, leaves things done or not done: both are right. */
function isAway(error: unknown): boolean {
  return error instanceof MongoNetworkError;
}

function isObject(made: unknown): made is { _id: string; rev: number } {
  return typeof made === 'object' && made !== null && '_id' in made && 'rev' in made;
}
