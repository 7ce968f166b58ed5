import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Change } from '../../domain/change.ts';
import type { Store } from '../../infra/store/connect.ts';
import { historyOf } from '../../infra/store/history.ts';
import { startDocuments } from '../support/documents.ts';
import { siteStore } from '../support/site-store.ts';

const YEAR_MS = 365 * 24 * 3_600_000;
const BINDINGS = 600;

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

const binding = (n: number, by: string, when: number): Change => {
  const at = new Date(when).toISOString();
  return { _id: `${at}/tx${n}/000000`, at, tx: `tx${n}`, version: `macs ${n}`, kind: 'mac', id: `mac${n}`, name: 'node001', rev: 0, by, diff: { node: [null, 'n'] } };
};

/** The seed's site, made by `test`; afterwards a MAC was bound each second, and long before one by `anna`. */
async function busySite(): Promise<{ store: Store; asked: () => number }> {
  const store = await siteStore(documents.uri);
  const now = Date.now();
  await store.db.collection<Change>('changes').insertMany([
    binding(1, 'anna', now - YEAR_MS), ...Array.from({ length: BINDINGS }, (_, i) => binding(i + 2, 'boot', now + i * 1000)),
  ]);
  await store.db.collection<{ _id: string; n: number }>('versions').updateOne({ _id: 'macs' }, { $set: { n: BINDINGS + 1 } }, { upsert: true });
  let asked = 0;
  const collection = (name: string) => {
    asked += 1;
    return store.db.collection(name);
  };
  const db = new Proxy(store.db, { get: (target, key) => key === 'collection' ? collection : Reflect.get(target, key) as unknown });
  return { store: { ...store, db }, asked: () => asked };
}

test('finds the newest lines of somebody and of a kind among many of others, with few questions', async (t) => {
  const { store, asked } = await busySite();
  t.after(() => store.close());

  const [mine] = await historyOf(store, { by: 'test', limit: 1 });
  const [image, ...more] = await historyOf(store, { kind: 'osimage', limit: 10 });
  const [oldest] = await historyOf(store, { by: 'anna', limit: 1 });
  const both = await historyOf(store, { by: 'anna', kind: 'mac', limit: 10 });
  const none = await historyOf(store, { by: 'nobody', limit: 10 });

  assert.deepEqual([mine?.kind, mine?.name, image?.name, more, oldest?.id, both.map(({ id }) => id), none], ['group', 'compute', 'compute', [], 'mac1', ['mac1'], []]);
  assert.ok(asked() < 100, `${asked()} questions`);
});

test('goes on where a page of somebody’s lines ended', async (t) => {
  const { store } = await busySite();
  t.after(() => store.close());
  const all = await historyOf(store, { kind: 'mac', limit: BINDINGS * 2 });

  const paged: Change[] = [];
  for (let page = await historyOf(store, { kind: 'mac', limit: 250 }); page.length > 0; page = await historyOf(store, { kind: 'mac', limit: 250, after: paged.at(-1)?._id })) paged.push(...page);

  assert.equal(all.length, BINDINGS + 1);
  assert.deepEqual(paged.map(({ id }) => id), all.map(({ id }) => id));
  assert.deepEqual([all[0]?.id, all.at(-1)?.id], [`mac${BINDINGS + 1}`, 'mac1']);
});
