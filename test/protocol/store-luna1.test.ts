import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { nodeView } from '../../domain/node-views.ts';
import { changeNode } from '../../infra/store/change-node.ts';
import { changeCluster, initCluster } from '../../infra/store/clusters.ts';
import { addGroup, changeGroup } from '../../infra/store/groups.ts';
import { addNetwork, changeNetwork } from '../../infra/store/networks.ts';
import { addNodes, removeNode } from '../../infra/store/nodes.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { loadSite } from '../../infra/store/site.ts';
import { startDocuments } from '../support/documents.ts';
import { refused } from '../support/refused.ts';
import { free, ips } from '../support/site-addresses.ts';
import { freshStore, siteStore } from '../support/site-store.ts';

// The worked examples of Luna 1: pools of addresses (luna-1 §2.5), and nodes (§2.9).

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

test('keeps Luna 1’s free lists: /24 with its name server, one address set aside, a range for DHCP', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  await initCluster(store, {}, 'test');
  await addOsimage(store, { name: 'compute', path: '/opt/luna/os/compute' }, 'test');

  await addNetwork(store, { name: 'small', network: '10.50.0.77', prefix: 24 }, 'test');
  assert.equal(await free(store, 'small'), '1-253');
  await changeNetwork(store, 'small', { reserve: [{ ip: '10.50.0.3', name: 'pdu7' }] }, 'test');
  assert.equal(await free(store, 'small'), '1-2 4-253');
  await changeNetwork(store, 'small', { release: ['10.50.0.3'] }, 'test');
  assert.equal(await free(store, 'small'), '1-253');

  await addNetwork(store, { name: 'big', network: '10.60.0.0', prefix: 16 }, 'test');
  await addGroup(store, { name: 'compute', osimage: 'compute', network: 'big' }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  await changeNetwork(store, 'big', { dhcp_start: '10.60.128.1', dhcp_end: '10.60.129.254' }, 'test');
  // Luna 1 gives 3–32768 and 33279–65533 (its end is the name server's address less one).
  assert.equal(await free(store, 'big'), '3-32768 33279-65533');
});

test('generates names from the highest number in use, and reuses no gap', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const next = async (): Promise<string | undefined> => (await addNodes(store, { names: null, group: 'compute' }, 'test'))[0]?.name;

  const first = [await next(), await next(), await next()];
  await removeNode(store, 'node002', 'test');
  // Only what is a number behind the prefix counts; Luna 1 took every letter of the prefix away, whatever their order.
  await addNodes(store, { names: ['done050', 'nodenode060', 'node070b', 'login', 'no80'], group: 'compute' }, 'test');
  const gap = await next();
  await addNodes(store, { names: ['node7', 'node0999'], group: 'compute' }, 'test');
  const long = await next();
  await changeCluster(store, { nodeprefix: 'n', nodedigits: 2 }, 'test');

  assert.deepEqual([first, gap, long, await next()], [['node001', 'node002', 'node003'], 'node004', 'node1000', 'n01']);
});

test('rolls a new node back when a network is exhausted, and generates no name twice', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNetwork(store, { name: 'tiny', network: '10.40.0.0', prefix: 30, ns_ip: null }, 'test');
  await changeCluster(store, { nodeprefix: 'n', nodedigits: 2 }, 'test');
  await changeGroup(store, 'compute', { interface: { name: 'eth1', op: 'add', network: 'tiny' } }, 'test');
  await addNodes(store, { names: ['n7', 'nn9', 'nx', 'node099'].slice(0, 1), group: 'compute' }, 'test');
  const [second] = await addNodes(store, { names: null, group: 'compute' }, 'test');
  const claims = await store.db.collection('claims').countDocuments();

  await assert.rejects(addNodes(store, { names: null, group: 'compute' }, 'test'), refused('conflict', /network tiny .* has 0 free addresses/));

  assert.equal(second?.name, 'n08');
  assert.equal(await store.db.collection('nodes').countDocuments(), 2);
  assert.equal(await store.db.collection('claims').countDocuments(), claims);
});

test('keeps addresses through a change of group: under the same name first, then in the same network', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNetwork(store, { name: 'ib', network: '10.50.0.0', prefix: 24 }, 'test');
  await addGroup(store, { name: 'wide', osimage: 'compute', network: 'cluster', bmcnetwork: 'ipmi', interfaces: ['eth1', 'ib0'] }, 'test');
  await changeGroup(store, 'wide', { interfaces: [{ name: 'eth1', op: 'setnet', network: 'cluster' }, { name: 'ib0', op: 'setnet', network: 'ib' }] }, 'test');
  await addGroup(store, { name: 'turned', osimage: 'compute', interfaces: ['eth1', 'eth2', 'ib1'] }, 'test');
  await changeGroup(store, 'turned', {
    interfaces: [{ name: 'eth2', op: 'setnet', network: 'cluster' }, { name: 'eth1', op: 'setnet', network: 'cluster' }, { name: 'ib1', op: 'setnet', network: 'ipmi' }],
  }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'wide' }, 'test');
  const wide = await ips(store, 'node002');

  await changeNode(store, 'node002', { group: 'turned' }, 'test');
  const turned = await ips(store, 'node002');
  await changeNode(store, 'node002', { group: 'wide' }, 'test');

  assert.equal(wide, 'BOOTIF=10.30.0.3 eth1=10.30.0.5 ib0=10.50.0.2 BMC=10.31.0.3');
  // eth1 has the same name and network; eth2 gets what BOOTIF had, ib1 what BMC had.
  assert.equal(turned, 'eth1=10.30.0.5 eth2=10.30.0.3 ib1=10.31.0.3');
  assert.equal(await ips(store, 'node002'), 'BOOTIF=10.30.0.3 eth1=10.30.0.5 ib0=10.50.0.2 BMC=10.31.0.3');
  assert.equal(await free(store, 'ib'), '3-253');
});

test('calls a node by its name and the name of its group’s domain network', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');
  const hostname = async (): Promise<string> => {
    const site = await loadSite(store);
    const node = site.nodesByName.get('node001');
    return node ? nodeView(site, node, undefined).hostname : 'gone';
  };

  const [own] = [await hostname()];
  await changeGroup(store, 'compute', { domain: 'ipmi' }, 'test');
  const other = await hostname();
  await changeGroup(store, 'compute', { domain: null }, 'test');

  assert.deepEqual([own, other, await hostname()], ['node001.cluster', 'node001.ipmi', 'node001']);
});

test('leaves a node’s address as it was when the one asked for can’t be had', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const set = (ip: string, name = 'BOOTIF') => changeNode(store, 'node002', { interface: { name, ip } }, 'test');

  await assert.rejects(set('10.30.0.2'), refused('taken', /10\.30\.0\.2 is taken by node node001/));
  await assert.rejects(set('10.30.0.1'), refused('taken', /taken by the cluster \(its frontend address\)/));
  await assert.rejects(set('10.32.0.9'), refused('invalid', /lies outside/));
  await assert.rejects(set('10.30.200.1'), refused('invalid', /lies in the dynamic range of network cluster/));
  await assert.rejects(set('10.30.0.9', 'eth9'), refused('invalid', /interface eth9 of group compute does not exist/));
  assert.equal(await ips(store, 'node002'), 'BOOTIF=10.30.0.3 BMC=10.31.0.3');
  await changeGroup(store, 'compute', { interface: { name: 'eth1', op: 'add', network: 'cluster' } }, 'test');
  await assert.rejects(set('10.30.0.3', 'eth1'), refused('taken', /10\.30\.0\.3 is taken by node node002 \(its interface BOOTIF\)/));
  await changeGroup(store, 'compute', { interface: { name: 'eth1', op: 'delete' } }, 'test');
  await set('10.30.7.9');
  await set('10.30.0.3');

  assert.equal(await ips(store, 'node002'), 'BOOTIF=10.30.0.3 BMC=10.31.0.3');
});
