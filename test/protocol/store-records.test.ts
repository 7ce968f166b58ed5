import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change } from '../../domain/change.ts';
import type { Artefact } from '../../domain/osimage.ts';
import type { Site } from '../../domain/site.ts';
import { publishArtefact, removeArtefact } from '../../infra/store/artefacts.ts';
import { changeBmcsetup } from '../../infra/store/bmcsetups.ts';
import { changeCluster } from '../../infra/store/clusters.ts';
import { openStore } from '../../infra/store/connect.ts';
import { appendLeases, compactLeases, leaseHolder, loadLeases } from '../../infra/store/leases.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { addNodes, removeNode } from '../../infra/store/nodes.ts';
import { reapClaims } from '../../infra/store/reap-claims.ts';
import { readSecret } from '../../infra/store/secrets.ts';
import { allSightings, forgetSightings, recordSightings } from '../../infra/store/sightings.ts';
import { loadSite } from '../../infra/store/site.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { startDocuments } from '../support/documents.ts';
import { refused } from '../support/refused.ts';
import { silentLog } from '../support/silent-log.ts';
import { freshStore, siteStore } from '../support/site-store.ts';

const MAC = '52:54:00:00:00:01';
/** How long a follower may take on a busy machine before it counts as not having noticed. */
const NOTICED_MS = 20_000;

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

test('binds a MAC to one of several nodes that claim it at once', async (t) => {
  const store = await siteStore(documents.uri);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  t.after(() => Promise.all([store.close(), other.close()]));
  const nodes = await addNodes(store, { names: ['node001', 'node002', 'node003', 'node004'], group: 'compute' }, 'test');

  const bindings = await Promise.all(nodes.map(({ _id }, i) => bindMac(i % 2 ? store : other, MAC, _id, 'test')));

  const winner = nodes[bindings.findIndex(({ bound }) => bound)]?._id ?? '';
  assert.equal(bindings.filter(({ bound }) => bound).length, 1);
  for (const binding of bindings) if (!binding.bound) assert.equal(binding.owner, winner);
  assert.deepEqual([...(await loadSite(store)).macs], [[MAC, winner]]);
});

test('takes a MAC from another node only when told to, and gives up others only when told to', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const [a = '', b = ''] = (await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test')).map(({ _id }) => _id);
  await bindMac(store, MAC, a, 'test');

  assert.deepEqual(await bindMac(store, MAC, a, 'test'), { bound: true });
  assert.deepEqual(await bindMac(store, MAC, b, 'test'), { bound: false, owner: a });
  assert.deepEqual(await bindMac(store, MAC, b, 'test', { steal: true }), { bound: true });
  await bindMac(store, '52:54:00:00:00:02', b, 'test');
  assert.deepEqual((await loadSite(store)).macsOf.get(b)?.length, 2);
  await bindMac(store, '52:54:00:00:00:03', b, 'test', { only: true });
  assert.deepEqual((await loadSite(store)).macsOf.get(b), ['52:54:00:00:00:03']);

  await assert.rejects(bindMac(store, MAC, 'gone', 'test'), refused('not-found', /node gone is gone/));
});

test('frees claims whose owner is gone and no others', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const [node] = await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  await removeNode(store, 'node001', 'test');
  await store.db.collection<{ _id: string }>('claims').insertOne({ _id: `mac/${MAC}`, owner: `node/${node?._id ?? ''}`, of: 'mac', at: '' } as { _id: string });
  const before = await store.db.collection('claims').countDocuments();

  assert.equal(await reapClaims(store, 'test'), 1);
  assert.equal(await reapClaims(store, 'test'), 0);
  assert.equal(await store.db.collection('claims').countDocuments(), before - 1);
});

test('records every change with who made it, and no secret', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const site = await loadSite(store);
  const [node] = await addNodes(store, { names: ['node001'], group: 'compute' }, 'root');
  await bindMac(store, MAC, node?._id ?? '', 'boot');
  await changeBmcsetup(store, 'base', { password: 'another-secret' }, 'root');
  await removeNode(store, 'node001', 'token');

  const changes = await store.db.collection<Change>('changes').find({}).toArray();
  const lines = changes.sort((x, y) => x._id.localeCompare(y._id)).slice(7).map(({ kind, name, rev, by }) => `${kind} ${name} ${rev} ${by}`);
  assert.deepEqual(lines, ['node node001 0 root', 'mac node001 0 boot', 'bmcsetup base 1 root', 'node node001 -1 token', 'mac node001 -1 token']);
  const [bmcsetup] = site.bmcsetups.values();
  const [declared] = site.switches.values();
  assert.equal(await readSecret(store, 'bmcsetup', bmcsetup?._id ?? ''), 'another-secret');
  assert.equal(await readSecret(store, 'switch', declared?._id ?? ''), 'secret-community');
  const seen = JSON.stringify([changes, ...(await loadSite(store)).bmcsetups.values(), ...site.switches.values()]);
  assert.doesNotMatch(seen, /secret/);
});

test('lets other processes notice a change, also after the database was away', async (t) => {
  const store = await siteStore(documents.uri);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  const watch = await watchSite(other, silentLog);
  t.after(async () => {
    await watch.stop();
    await Promise.all([store.close(), other.close()]);
  });
  const notices = (holds: (site: Site) => boolean): Promise<void> => until(() => holds(watch.current()));
  let told = 0;
  watch.onChange(() => { told += 1; });

  const [node] = await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');
  await notices((site) => site.nodesByName.has('node001'));
  await bindMac(store, MAC, node?._id ?? '', 'test');
  await notices((site) => site.macs.get(MAC) === node?._id);
  await documents.crash();
  await changeCluster(store, { nodedigits: 4 }, 'test');
  await notices((site) => site.cluster?.nodedigits === 4);

  assert.ok(told >= 3);
});

test('shows a process its own change as soon as it refreshes', async (t) => {
  const store = await siteStore(documents.uri);
  const watch = await watchSite(store, silentLog);
  t.after(async () => {
    await watch.stop();
    await store.close();
  });

  await Promise.all(Array.from({ length: 5 }, async (_, i) => {
    await addNodes(store, { names: [`node${i}`], group: 'compute' }, 'test');
    assert.ok((await watch.refresh()).nodesByName.has(`node${i}`));
  }));

  assert.equal(watch.current().nodes.size, 5);
});

test('switches an image to a packed version by one pointer, and keeps the version in use', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const [osimage] = (await loadSite(store)).osimages.values();
  const version = (_id: string): Artefact => ({
    _id, osimage: osimage?._id ?? '', osimageName: 'compute', kernver: '6.1', family: 'debian', torrent: 't', packedAt: '',
    tree: { file: 'f', sha256: 'a'.repeat(64), size: 1, infoHash: 'b', unpackedSize: 1 },
    kernel: { file: 'k', sha256: 'c'.repeat(64), size: 1 }, initramfs: { file: 'i', sha256: 'd'.repeat(64), size: 1 },
  });

  await publishArtefact(store, version('one'), 'test');
  await publishArtefact(store, version('one'), 'test');
  await publishArtefact(store, version('two'), 'test');

  const site = await loadSite(store);
  assert.equal(site.osimages.get(osimage?._id ?? '')?.current, 'two');
  assert.deepEqual([...site.artefacts.keys()].sort(), ['one', 'two']);
  assert.equal(await removeArtefact(store, 'two', 'test'), false);
  assert.equal(await removeArtefact(store, 'one', 'test'), true);
  await assert.rejects(publishArtefact(store, { ...version('three'), osimage: 'gone' }, 'test'), refused('not-found', /removed while it was packed/));
});

test('appends leases and tells the newest of each address', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const lease = (mac: string, ip: string, at: string, expires: string) => ({ mac, networkId: 'n', ip, at, expires });

  await appendLeases(store, [lease('a', '10.0.0.1', '1', '5'), lease('b', '10.0.0.2', '1', '9')]);
  await appendLeases(store, [lease('a', '10.0.0.1', '2', '6')]);
  await appendLeases(store, [lease('c', '10.0.0.1', '3', '7')]);

  const newest = [lease('b', '10.0.0.2', '1', '9'), lease('c', '10.0.0.1', '3', '7')];
  assert.deepEqual(await loadLeases(store), newest);
  assert.equal(await compactLeases(store, '0'), 2);
  assert.deepEqual(await loadLeases(store), newest);
  assert.equal(await compactLeases(store, '8'), 1);
  assert.deepEqual(await loadLeases(store), newest.slice(0, 1));
});

test('reads leases as earlier versions wrote them, and keeps them as it writes them now', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const lease = (mac: string, ip: string, at: string) => ({ mac, networkId: 'n', ip, at, expires: '9' });
  const [a, b, c] = [lease('a', '10.0.0.1', '1'), lease('b', '10.0.0.2', '2'), lease('c', '10.0.0.3', '3')];
  await store.db.collection('leases').insertOne({ ...a });
  await store.db.collection('leases').insertOne({ leases: [b, lease('d', '10.0.0.3', '2')] });

  await appendLeases(store, [c]);

  assert.deepEqual(await loadLeases(store), [a, b, c]);
  assert.equal(await leaseHolder(store, '10.0.0.3'), 'c');
  assert.equal(await compactLeases(store, '0'), 1);
  assert.deepEqual(await loadLeases(store), [a, b, c]);
});

test('remembers when a machine was first seen and where it was last', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());

  await recordSightings(store, [{ mac: MAC, networkId: 'n', ip: null, arch: 7, at: '1' }, { mac: 'other', networkId: 'n', ip: null, arch: 0, at: '1' }]);
  await recordSightings(store, [{ mac: MAC, networkId: 'n', ip: '10.30.0.9', arch: 7, at: '2', where: 'switch01 port 7' }]);
  await recordSightings(store, [{ mac: MAC, networkId: 'n', ip: '10.30.0.9', arch: 7, at: '3' }]);
  await forgetSightings(store, '2');

  assert.deepEqual(await allSightings(store), [
    { _id: MAC, mac: MAC, networkId: 'n', ip: '10.30.0.9', arch: 7, firstSeen: '1', lastSeen: '3', where: 'switch01 port 7' },
  ]);
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + NOTICED_MS;
  while (!holds() && Date.now() < deadline) await sleep(20);
  assert.ok(holds(), 'it was not noticed');
}
