import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Claim } from '../../domain/claims.ts';
import type { Node } from '../../domain/node.ts';
import type { RunSummary } from '../../domain/provision.ts';
import { changeNode } from '../../infra/store/change-node.ts';
import { changeCluster, initCluster, removeCluster } from '../../infra/store/clusters.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { addGroup, changeGroup, removeGroup } from '../../infra/store/groups.ts';
import { addNetwork, changeNetwork, removeNetwork } from '../../infra/store/networks.ts';
import { addNodes, removeNode } from '../../infra/store/nodes.ts';
import { removeOsimage } from '../../infra/store/osimages.ts';
import { startRun } from '../../infra/store/runs.ts';
import { loadSite } from '../../infra/store/site.ts';
import { changeSwitch } from '../../infra/store/switches.ts';
import { startDocuments } from '../support/documents.ts';
import { refused } from '../support/refused.ts';
import { silentLog } from '../support/silent-log.ts';
import { siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

/** `BOOTIF=4 BMC=2` of a node, as stored. */
async function offsets(store: Store, name: string): Promise<string> {
  const site = await loadSite(store);
  const node = site.nodesByName.get(name);
  const interfaces = site.groups.get(node?.group ?? '')?.interfaces ?? [];
  return interfaces.map((iface) => `${iface.name}=${node?.addresses[iface.id] ?? '-'}`).join(' ');
}

async function claimsOfNode(store: Store, node: Node | undefined): Promise<string[]> {
  const found = await store.db.collection<Claim>('claims').find({ owner: `node/${node?._id ?? ''}` }).toArray();
  return found.map(({ _id }) => _id.replace(/[0-9a-f-]{36}/g, '*')).sort();
}

test('gives every node of a list the next free address of each network', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());

  const [first] = await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  assert.equal(await offsets(store, 'node001'), 'BOOTIF=2 BMC=2');
  assert.equal(await offsets(store, 'node002'), 'BOOTIF=3 BMC=3');
  assert.deepEqual(await claimsOfNode(store, first), ['ip/*/2', 'ip/*/2', 'name/node/node001']);
});

test('declares all nodes of a list or none', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node002'], group: 'compute' }, 'test');
  const before = await store.db.collection('claims').countDocuments();

  await assert.rejects(addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test'), refused('taken', /name node002 is taken by node node002/));
  const many = Array.from({ length: 300 }, (_, i) => `rack${i}`);
  await assert.rejects(addNodes(store, { names: many, group: 'compute' }, 'test'), refused('conflict', /network ipmi .* free addresses and 300 are needed/));
  const clash = [...many.slice(0, 40), 'node002'];
  await assert.rejects(addNodes(store, { names: clash, group: 'compute' }, 'test'), refused('taken', /name node002/));

  assert.equal(await store.db.collection('nodes').countDocuments(), 1);
  assert.equal(await store.db.collection('claims').countDocuments(), before);
});

test('gives concurrent callers in two processes different names and addresses', async (t) => {
  const store = await siteStore(documents.uri);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  t.after(() => Promise.all([store.close(), other.close()]));

  const made = await Promise.all(Array.from({ length: 8 }, (_, i) => addNodes(i % 2 ? store : other, { group: 'compute' }, 'test')));

  const nodes = made.flat();
  assert.deepEqual(nodes.map(({ name }) => name).sort(), Array.from({ length: 8 }, (_, i) => `node00${i + 1}`));
  assert.equal(new Set(nodes.map(({ addresses }) => Object.values(addresses).join('/'))).size, 8);
});

test('refuses what the frontend, a gateway, the dynamic range or another node has', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await changeNetwork(store, 'cluster', { gateway: '10.30.0.9' }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const move = (ip: string) => changeNode(store, 'node001', { interface: { name: 'BOOTIF', ip } }, 'test');

  await assert.rejects(move('10.30.0.1'), refused('taken', /taken by the cluster \(its frontend address\)/));
  await assert.rejects(move('10.30.0.9'), refused('taken', /taken by network cluster \(its gateway/));
  await assert.rejects(move('10.30.0.3'), refused('taken', /taken by node node002/));
  await assert.rejects(move('10.30.192.1'), refused('invalid', /lies in the dynamic range/));
  await assert.rejects(move('10.31.0.9'), refused('invalid', /lies outside/));
  await assert.rejects(changeCluster(store, { frontend_address: '10.30.0.2' }, 'test'), refused('taken', /10\.30\.0\.2 is taken by node node001/));
  assert.equal(await offsets(store, 'node001'), 'BOOTIF=2 BMC=2');

  await move('10.30.0.77');
  await addNodes(store, { names: ['node003'], group: 'compute' }, 'test');
  assert.equal(await offsets(store, 'node001'), 'BOOTIF=77 BMC=2');
  assert.equal(await offsets(store, 'node003'), 'BOOTIF=2 BMC=4');
});

test('keeps addresses through a change of group where the network stays', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNetwork(store, { name: 'storage', network: '10.32.0.0', prefix: 24 }, 'test');
  await addGroup(store, { name: 'login', osimage: 'compute', network: 'cluster' }, 'test');
  await changeGroup(store, 'login', { interface: { name: 'eth1', op: 'add', network: 'storage' } }, 'test');
  const [, node] = await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await changeNode(store, 'node002', { group: 'login' }, 'test');

  assert.equal(await offsets(store, 'node002'), 'BOOTIF=3 eth1=1');
  assert.deepEqual(await claimsOfNode(store, node), ['ip/*/1', 'ip/*/3', 'name/node/node002']);
});

test('changes the addresses of all nodes with an interface of their group', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const [node] = await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await changeGroup(store, 'compute', { interface: { name: 'BMC', op: 'delnet' } }, 'test');
  assert.equal(await offsets(store, 'node002'), 'BOOTIF=3 BMC=-');
  assert.deepEqual(await claimsOfNode(store, node), ['ip/*/2', 'name/node/node001']);
  await changeGroup(store, 'compute', { interface: { name: 'BMC', op: 'setnet', network: 'ipmi' } }, 'test');
  await assert.rejects(changeGroup(store, 'compute', { interface: { name: 'BMC', op: 'setnet', network: 'ipmi' } }, 'test'), refused('conflict', /has an IPv4 network already/));
  await changeGroup(store, 'compute', { interface: { name: 'BOOTIF', op: 'rename', newname: 'eth0' } }, 'test');

  assert.equal(await offsets(store, 'node002'), 'eth0=3 BMC=3');
});

test('lets one node have a switch port, and another once it is given back', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  await changeNode(store, 'node001', { switch: 'switch01' }, 'test');
  await changeNode(store, 'node001', { port: '1' }, 'test');

  await assert.rejects(changeNode(store, 'node002', { switch: 'switch01', port: '1' }, 'test'), refused('taken', /port 1 of switch switch01 is taken by node node001/));
  await changeNode(store, 'node001', { port: null }, 'test');
  const second = await changeNode(store, 'node002', { switch: 'switch01', port: '1' }, 'test');

  assert.equal(second.port, '1');
});

test('refuses a change of what was changed meanwhile', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');

  const tries = await Promise.allSettled(['a', 'b', 'c'].map((comment) => changeNode(store, 'node001', { rev: 0, comment }, 'test')));

  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  await assert.rejects(changeNode(store, 'node001', { rev: 0, comment: 'd' }, 'test'), refused('conflict', /changed meanwhile \(revision 1, not 0\)/));
});

test('refuses networks that overlap, also when both are declared at once', async (t) => {
  const store = await siteStore(documents.uri);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  t.after(() => Promise.all([store.close(), other.close()]));

  await assert.rejects(addNetwork(store, { name: 'x', network: '10.30.7.0', prefix: 24 }, 'test'), refused('invalid', /overlaps network cluster/));
  const both = await Promise.allSettled([store, other].map((one, i) => addNetwork(one, { name: `n${i}`, network: '10.50.0.0', prefix: 16 }, 'test')));

  assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('moves members, gateway and name server with the base of their network', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await changeNetwork(store, 'ipmi', { gateway: '10.31.0.254' }, 'test');
  await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');

  const moved = await changeNetwork(store, 'ipmi', { network: '10.77.0.99' }, 'test');

  assert.equal(`${moved.network} ${moved.gateway ?? ''}`, '10.77.0.0 10.77.0.254');
  assert.equal(await offsets(store, 'node001'), 'BOOTIF=2 BMC=2');
});

test('refuses to shrink a network past a member or to hand out its address', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await assert.rejects(changeNetwork(store, 'ipmi', { prefix: 30 }, 'test'), refused('in-use', /10\.31\.0\.3 is in use and would lie outside/));
  const range = { dhcp_start: '10.30.0.3', dhcp_end: '10.30.0.9' };
  await assert.rejects(changeNetwork(store, 'cluster', range, 'test'), refused('in-use', /10\.30\.0\.3 is in use and lies in the dynamic range/));
  await assert.rejects(changeNetwork(store, 'cluster', { dhcp_start: '10.30.0.9' }, 'test'), refused('invalid', /go together/));
  const changed = await changeNetwork(store, 'cluster', { ...range, dhcp_start: '10.30.0.4' }, 'test');

  assert.deepEqual([changed.dhcp_start, changed.dhcp_end], [4, 9]);
});

test('keeps a switch at its offset in another network unless somebody is there', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());

  await assert.rejects(changeSwitch(store, 'switch01', { network: 'cluster' }, 'test'), refused('taken', /10\.30\.0\.1 is taken by the cluster/));
  const moved = await changeSwitch(store, 'switch01', { network: 'cluster', ip: '10.30.0.5' }, 'test');

  assert.equal(moved.address, 5);
  await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');
  assert.equal(await offsets(store, 'node001'), 'BOOTIF=2 BMC=1');
});

test('refuses to remove what others use, and names them', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await assert.rejects(removeGroup(store, 'compute', 'test'), refused('in-use', /in use by \[node\/node001\] \[node\/node002\]$/));
  await assert.rejects(removeNetwork(store, 'ipmi', 'test'), refused('in-use', /\[group\/compute\] \[switch\/switch01\]/));
  await assert.rejects(removeOsimage(store, 'compute', 'test'), refused('in-use', /\[group\/compute\]/));
  await assert.rejects(removeCluster(store, 'test'), refused('in-use', /^cluster general is in use by .*\[node\/node002\]$/));
  await assert.rejects(initCluster(store, {}, 'test'), refused('conflict', /initialised already/));
});

test('never leaves a node in a group that was removed at the same time', async (t) => {
  const store = await siteStore(documents.uri);
  const other = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName });
  t.after(() => Promise.all([store.close(), other.close()]));

  const [removed, added] = await Promise.allSettled([removeGroup(store, 'compute', 'test'), addNodes(other, { names: ['node001'], group: 'compute' }, 'test')]);

  assert.notEqual(removed.status, added.status);
  const site = await loadSite(store);
  assert.equal(site.groups.size, site.nodes.size);
});

test('gives back all that a node had when it is removed, but not while it is provisioned', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const [node] = await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');
  await changeNode(store, 'node001', { switch: 'switch01', port: '1', mac: '52:54:00:00:00:01' }, 'test');
  const run: RunSummary = {
    _id: 'run', workflowId: 'w', nodeId: node?._id ?? '', nodeName: 'node001', groupName: 'compute', osimageName: 'compute', status: 'running',
    stage: 'download', reason: '', next: '', startedAt: '2026-01-01T00:00:00.000Z', endedAt: null, stages: [],
  };
  await startRun(store, run);

  await assert.rejects(removeNode(store, 'node001', 'test'), refused('conflict', /being provisioned \(download\)/));
  await assert.rejects(changeNode(store, 'node001', { name: 'node009' }, 'test'), refused('conflict', /can't be renamed now/));
  await store.db.collection('runs').updateOne({ nodeId: node?._id }, { $set: { status: 'failed' } });
  await changeNode(store, 'node001', { name: 'node009' }, 'test');
  assert.deepEqual(await claimsOfNode(store, node), ['ip/*/2', 'ip/*/2', 'mac/52:54:00:00:00:01', 'name/node/node009', 'port/*/1']);
  await removeNode(store, 'node009', 'test');

  assert.deepEqual(await claimsOfNode(store, node), []);
});
