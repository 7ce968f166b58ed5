import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Change } from '../../domain/change.ts';
import type { Claim } from '../../domain/claims.ts';
import { claimsOf } from '../../domain/site-claims.ts';
import type { Site } from '../../domain/site.ts';
import { changeNode, changeNodes } from '../../infra/store/change-node.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { addGroup, changeGroup, removeGroup } from '../../infra/store/groups.ts';
import { historyOf } from '../../infra/store/history.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { addNodes, removeNode, removeNodes } from '../../infra/store/nodes.ts';
import { dropUndecided, finishPlan } from '../../infra/store/plans.ts';
import { loadSite } from '../../infra/store/site.ts';
import { undo } from '../../infra/store/undo.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { parseMac } from '../../domain/mac.ts';
import { startDocuments } from '../support/documents.ts';
import { refused } from '../support/refused.ts';
import { silentLog } from '../support/silent-log.ts';
import { siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

/** The seed's site with a large group `big` (its nodes have one address each) and so many nodes, watched. */
async function bigSite(t: { after: (work: () => Promise<unknown>) => void }, count: number): Promise<Store> {
  const store = await siteStore(documents.uri);
  await addGroup(store, { name: 'big', osimage: 'compute', network: 'cluster' }, 'test');
  await addGroup(store, { name: 'other', osimage: 'compute', network: 'cluster' }, 'test');
  const watch = await watchSite(store, silentLog);
  t.after(async () => { await watch.stop(); await store.close(); });
  if (count > 0) await addNodes(store, { names: names(count), group: 'big' }, 'test');
  await watch.refresh();
  return store;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${String(i + 1).padStart(4, '0')}`);

/** What is in memory is what is stored, and every claim is one that the objects imply. */
async function assertWhole(store: Store): Promise<Site> {
  const stored = await loadSite(store);
  assert.deepEqual(store.memory.known?.site, stored);
  const held = await store.db.collection<Claim>('claims').find({}).toArray();
  const implied = [...claimsOf(stored)].map(({ id, owner }) => `${id} ${owner}`);
  assert.deepEqual(held.map(({ _id, owner }) => `${_id} ${owner}`).sort(), implied.sort());
  return stored;
}

/** A process that dies: it decides a plan and carries nothing of it out. */
function dying(store: Store): Store {
  const collection = (name: string) => {
    const real = store.db.collection(name);
    return name === 'plans' ? new Proxy(real, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown;
        if (key === 'findOne') return (filter: object, options?: { session?: unknown }) => options?.session ? target.findOne(filter, options as object) : Promise.reject(new Error('killed'));
        return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
      },
    }) : real;
  };
  return { ...store, db: new Proxy(store.db, { get: (target, key) => key === 'collection' ? collection : Reflect.get(target, key) as unknown }) };
}

const newestTx = async (store: Store): Promise<string> => (await historyOf(store, { limit: 1 }))[0]?.tx ?? '';

test('adds, changes and removes more nodes than one transaction bears, each as one change', async (t) => {
  const store = await bigSite(t, 600);
  const made = await assertWhole(store);
  assert.equal(made.nodes.size, 600);

  await changeNodes(store, names(600), { service: true }, false, 'root');
  const changed = await assertWhole(store);
  assert.ok([...changed.nodes.values()].every(({ service, rev }) => service && rev === 1));
  const lines = await historyOf(store, { limit: 5000, tx: await newestTx(store) });
  assert.equal(lines.length, 600);
  assert.deepEqual(lines[0]?.diff, { service: [false, true] });

  await removeNodes(store, names(599), false, 'root');
  assert.deepEqual([...(await assertWhole(store)).nodesByName.keys()], ['n0600']);
  assert.equal(await store.db.collection('batches').countDocuments(), 0);
});

test('changes all or none, and with each those that can be changed', async (t) => {
  const store = await bigSite(t, 3);

  await assert.rejects(changeNodes(store, ['n0001', 'nobody', 'n0002'], { service: true }, false, 'root'), refused('not-found', /1 of 3 can't be: there is no node named nobody/));
  assert.equal((await assertWhole(store)).nodesByName.get('n0001')?.service, false);
  const done = await changeNodes(store, ['n0001', 'nobody', 'n0002'], { service: true }, true, 'root');

  assert.deepEqual(done.map((one) => 'ok' in one ? one.name : one.error.code), ['n0001', 'not-found', 'n0002']);
  assert.equal((await assertWhole(store)).nodesByName.get('n0002')?.service, true);
  await assert.rejects(changeNodes(store, ['n0001', 'n0002'], { mac: parseMac('52:54:00:00:00:01') }, true, 'root'), refused('invalid', /mac is one node's own/));
});

test('finishes a plan that was decided before a crash, and forgets one that was not', async (t) => {
  const store = await bigSite(t, 0);
  const { db } = store;
  await assert.rejects(addNodes(dying(store), { names: names(300), group: 'big' }, 'root'), /decided, and will be finished[^]*killed/);
  assert.equal(await db.collection('nodes').countDocuments(), 0);

  await addNodes(store, { names: ['later'], group: 'other' }, 'root');

  const watch = await watchSite(store, silentLog);
  t.after(() => watch.stop());
  assert.equal((await assertWhole(store)).nodes.size, 301);
  const at = new Date().toISOString();
  await db.collection<{ _id: string; tx: string; at: string }>('batches').insertOne({ _id: 'gone/0', tx: 'gone', at });
  await dropUndecided(store);
  assert.equal(await db.collection('batches').countDocuments(), 1, 'another process may be about to decide it');
  await dropUndecided(store, Date.parse(at) + 3_600_000);
  assert.equal(await finishPlan(store), false);
  assert.equal(await db.collection('batches').countDocuments(), 0);
});

test('shows nobody a site that is half changed', async (t) => {
  const store = await bigSite(t, 0);
  await assert.rejects(addNodes(dying(store), { names: names(300), group: 'big' }, 'root'), /decided, and will be finished/);

  assert.equal((await loadSite(store)).nodes.size, 300);
});

test('takes a change back, and that back again', async (t) => {
  const store = await bigSite(t, 4);
  const [first] = (await loadSite(store)).nodes.values();
  await bindMac(store, parseMac('52:54:00:00:00:09'), first?._id ?? '', 'boot');
  const before = await loadSite(store);
  await removeNodes(store, ['n0001', 'n0002'], false, 'root');
  const removal = await newestTx(store);

  const { tx: redo } = await undo(store, removal, 'root');
  const back = await assertWhole(store);
  const shape = (site: Site) => [...site.nodes.values()].map(({ rev: _rev, ...node }) => ({ ...node, macs: site.macsOf.get(node._id) }));
  assert.deepEqual(shape(back), shape(before));

  await undo(store, redo, 'root');
  assert.deepEqual([...(await assertWhole(store)).nodesByName.keys()], ['n0003', 'n0004']);
});

test('takes nothing back that was changed later, and names that change', async (t) => {
  const store = await bigSite(t, 2);
  await changeNode(store, 'n0001', { service: true }, 'root');
  const service = await newestTx(store);
  await changeNode(store, 'n0001', { comment: 'x' }, 'root');
  await changeNode(store, 'n0001', { service: false }, 'anna');
  const later = await newestTx(store);

  await assert.rejects(undo(store, service, 'root'), refused('conflict', new RegExp(`node n0001 was changed later: ${later} by anna .*\\(service\\)`)));
  await undo(store, later, 'root');
  assert.equal((await assertWhole(store)).nodesByName.get('n0001')?.comment, 'x');
  await assert.rejects(undo(store, 'nonsense', 'root'), refused('not-found', /no change nonsense/));
});

test('takes nothing back whose references, names or addresses are gone', async (t) => {
  const store = await bigSite(t, 0);
  await removeGroup(store, 'other', 'root');
  const removal = await newestTx(store);
  await addGroup(store, { name: 'other', osimage: 'compute' }, 'root');
  await assert.rejects(undo(store, removal, 'root'), refused('conflict', /the name other of group other is taken/));

  await addNodes(store, { names: ['a'], group: 'big' }, 'root');
  await removeNode(store, 'a', 'root');
  const gone = await newestTx(store);
  await addNodes(store, { names: ['b'], group: 'big' }, 'root');
  await assert.rejects(undo(store, gone, 'root'), refused('conflict', /10\.30\.0\.2 of node . is taken/));
});

test('keeps every version of a script', async (t) => {
  const store = await bigSite(t, 0);
  for (const partscript of ['one', 'two', 'three']) await changeGroup(store, 'big', { partscript }, 'root');

  const versions = (await historyOf(store, { kind: 'group', name: 'big', limit: 10 })).map(({ diff }: Change) => diff['partscript']?.[1]);

  assert.deepEqual(versions.slice(0, 3), ['three', 'two', 'one']);
});

test('lets one of two clients win that change the same revision, in two processes', async (t) => {
  const store = await bigSite(t, 1);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  t.after(() => other.close());

  const both = await Promise.allSettled([changeNode(store, 'n0001', { rev: 0, comment: 'mine' }, 'anna'), changeNode(other, 'n0001', { rev: 0, comment: 'yours' }, 'bert')]);

  assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const [lost] = both.flatMap((one) => one.status === 'rejected' ? [one.reason as unknown] : []);
  assert.ok(refused('conflict', /node n0001 was changed meanwhile \(revision 1, not 0\)/)(lost));
});

test('follows what other processes do, line by line', async (t) => {
  const store = await bigSite(t, 2);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  const watch = await watchSite(store, silentLog);
  t.after(async () => { await watch.stop(); await other.close(); });

  await addNodes(other, { names: ['aa', 'zz'], group: 'big' }, 'root');
  await changeNode(other, 'n0001', { name: 'm', mac: parseMac('52:54:00:00:00:02') }, 'root');
  await removeNode(other, 'n0002', 'root');
  await watch.refresh();

  assert.deepEqual([...(await assertWhole(store)).nodesByName.keys()], ['aa', 'm', 'zz']);
  await removeNode(other, 'm', 'root');
  await watch.refresh();
  assert.equal((await assertWhole(store)).macs.size, 0);
  await addNodes(other, { names: names(300), group: 'big' }, 'root');
  await watch.refresh();
  assert.equal((await assertWhole(store)).nodes.size, 302);
});
