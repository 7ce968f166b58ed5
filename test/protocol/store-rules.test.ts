import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Claim } from '../../domain/claims.ts';
import type { Lease } from '../../domain/lease.ts';
import { addBmcsetup, changeBmcsetup } from '../../infra/store/bmcsetups.ts';
import { changeNode } from '../../infra/store/change-node.ts';
import { cloneGroup } from '../../infra/store/clone-group.ts';
import { changeCluster } from '../../infra/store/clusters.ts';
import { changeGroup } from '../../infra/store/groups.ts';
import { appendLeases } from '../../infra/store/leases.ts';
import { addNetwork, changeNetwork, removeNetwork } from '../../infra/store/networks.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { changeOsimage } from '../../infra/store/osimages.ts';
import { addOtherdev, changeOtherdev, removeOtherdev } from '../../infra/store/otherdevs.ts';
import { loadSite } from '../../infra/store/site.ts';
import { changeSwitch } from '../../infra/store/switches.ts';
import { startDocuments } from '../support/documents.ts';
import { refused } from '../support/refused.ts';
import { free, ips } from '../support/site-addresses.ts';
import { siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

test('sets nothing aside when a part of it is taken, and says by whom', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const before = await free(store, 'ipmi');

  await assert.rejects(changeNetwork(store, 'ipmi', { reserve: [{ ip: '10.31.0.2-10.31.0.9' }] }, 'test'), refused('taken', /10\.31\.0\.2 is taken by node node001/));
  await assert.rejects(changeNetwork(store, 'ipmi', { release: ['10.31.0.2'] }, 'test'), refused('invalid', /is not set aside in network ipmi/));
  assert.equal(await free(store, 'ipmi'), before);
  await changeNetwork(store, 'ipmi', { reserve: [{ ip: '10.31.0.50-10.31.0.90', name: 'pdus' }] }, 'test');

  await assert.rejects(changeNode(store, 'node001', { interface: { name: 'BMC', ip: '10.31.0.70' } }, 'test'), refused('taken', /taken by network ipmi \(set aside for pdus\)/));
  await assert.rejects(changeNode(store, 'node001', { interface: { name: 'BMC', ip: '10.31.0.254' } }, 'test'), refused('taken', /taken by network ipmi \(its name server\)/));
});

test('renumbers a network in one change: members, name servers and what is set aside move', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await changeNetwork(store, 'ipmi', { gateway: '10.31.0.253', dns: ['10.31.0.253', '9.9.9.9'], reserve: [{ ip: '10.31.0.5' }] }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await assert.rejects(changeNetwork(store, 'ipmi', { network: '10.77.0.0', prefix: 30, gateway: null, dns: [], release: ['10.31.0.5'] }, 'test'), refused('invalid', /10\.31\.0\.5 lies outside/));
  const moved = await changeNetwork(store, 'ipmi', { network: '10.77.0.0', prefix: 20 }, 'test');

  assert.deepEqual([moved.gateway, moved.dns, moved.ns_ip, moved.reserved], ['10.77.0.253', ['10.77.0.253', '9.9.9.9'], '10.77.15.254', [{ offset: 5, name: null }]]);
  assert.equal(await ips(store, 'node002'), 'BOOTIF=10.30.0.3 BMC=10.77.0.3');
});

test('takes along what is said elsewhere of a network that moves: routes through it and to it, and name servers in it', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await changeNetwork(store, 'cluster', { dns: ['10.31.0.53', '10.30.0.53'] }, 'test');
  const routes = [{ to: '10.99.0.0/16', via: '10.31.0.7', metric: null }, { to: '10.31.0.0/24', via: '10.30.0.7', metric: 5 }, { to: 'default', via: '10.30.0.9', metric: null }];
  await changeGroup(store, 'compute', { interface: { name: 'BOOTIF', op: 'set', routes } }, 'test');

  await changeNetwork(store, 'ipmi', { network: '10.77.0.0' }, 'test');
  await changeNetwork(store, 'ipmi', { comment: 'moved' }, 'test');

  const site = await loadSite(store);
  const [group] = site.groups.values();
  assert.deepEqual(group?.interfaces[0]?.routes.map(({ to, via }) => `${to} ${via}`), ['10.99.0.0/16 10.77.0.7', '10.77.0.0/24 10.30.0.7', 'default 10.30.0.9']);
  assert.deepEqual([...site.networks.values()].map(({ dns }) => dns), [['10.77.0.53', '10.30.0.53'], []]);
  assert.equal(group?.rev, 2);
});

test('never hands out a controller’s own address, and lets a device have it', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await changeCluster(store, { cluster_ips: ['10.30.0.2', '10.30.0.4'] }, 'test');

  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  await addOtherdev(store, { name: 'master1', network: 'cluster', ip: '10.30.0.2' }, 'test');

  assert.deepEqual([await ips(store, 'node001'), await ips(store, 'node002')].map((one) => one.split(' ')[0]), ['BOOTIF=10.30.0.3', 'BOOTIF=10.30.0.5']);
});

test('gives nobody an address that a machine has by DHCP until its lease ends, wherever the dynamic range is by then', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const networkId = [...(await loadSite(store)).networks.values()].find(({ name }) => name === 'cluster')?._id ?? '';
  const lease = (last: number, seconds: number, mac = `52:54:00:00:00:0${last}`): Lease => {
    const now = Date.now();
    return { mac, networkId, ip: `10.30.0.${last}`, at: new Date(now).toISOString(), expires: new Date(now + seconds * 1000).toISOString() };
  };
  await appendLeases(store, [lease(2, 3600), lease(3, -5), lease(4, 3600), lease(7, 3600)]);

  const [node] = await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const given = [await ips(store, 'node001'), await ips(store, 'node002')].map((one) => one.split(' ')[0]);
  await assert.rejects(changeNode(store, 'node001', { interface: { name: 'BOOTIF', ip: '10.30.0.7' } }, 'test'), refused('taken', /10\.30\.0\.7 is leased to 52:54:00:00:00:07 until 20/));
  await changeNode(store, 'node001', { mac: '52:54:00:00:00:07' }, 'test');
  await changeNode(store, 'node001', { interface: { name: 'BOOTIF', ip: '10.30.0.7' } }, 'test');

  assert.deepEqual([node?.name, ...given, await ips(store, 'node001')], ['node001', 'BOOTIF=10.30.0.3', 'BOOTIF=10.30.0.5', 'BOOTIF=10.30.0.7 BMC=10.31.0.2']);
});

test('refuses settings of the cluster that contradict each other', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());

  await assert.rejects(changeCluster(store, { frontend_address: '10.30.255.255' }, 'test'), refused('invalid', /its broadcast address: network cluster is 10\.30\.0\.0\/16/));
  await assert.rejects(changeCluster(store, { torrent_listen_port_min: 7300 }, 'test'), refused('invalid', /torrent_listen_port_min 7300 is more than torrent_listen_port_max 7200/));
  await assert.rejects(changeCluster(store, { tracker_min_interval: 11 }, 'test'), refused('invalid', /tracker_min_interval 11 is more than tracker_interval 10/));
});

test('frees and takes again what belongs to the frontend, the gateway and the name server when they move', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());

  await changeCluster(store, { frontend_address: '10.30.255.254' }, 'test');
  await changeNetwork(store, 'cluster', { gateway: '10.30.0.2', ns_ip: null }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  await changeNetwork(store, 'cluster', { gateway: null }, 'test');
  await addNodes(store, { names: ['node003'], group: 'compute' }, 'test');

  assert.deepEqual([await ips(store, 'node001'), await ips(store, 'node002'), await ips(store, 'node003')].map((one) => one.split(' ')[0]), ['BOOTIF=10.30.0.1', 'BOOTIF=10.30.0.3', 'BOOTIF=10.30.0.2']);
});

test('gives otherdevs addresses in several networks, the next free one when none is named', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());

  await addOtherdev(store, { name: 'pdu1', network: 'ipmi' }, 'test');
  await changeOtherdev(store, 'pdu1', { network: 'cluster', ip: '10.30.7.7', comment: 'left' }, 'test');
  await assert.rejects(addOtherdev(store, { name: 'pdu2', network: 'cluster', ip: '10.30.7.7' }, 'test'), refused('taken', /taken by otherdev pdu1/));
  await assert.rejects(changeOtherdev(store, 'pdu1', { ip: '10.30.7.8' }, 'test'), refused('invalid', /an address needs its network/));
  await assert.rejects(removeNetwork(store, 'ipmi', 'test'), refused('in-use', /\[otherdev\/pdu1\]/));
  await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');
  assert.equal(await ips(store, 'node001'), 'BOOTIF=10.30.0.2 BMC=10.31.0.3');

  const moved = await changeOtherdev(store, 'pdu1', { addresses: { ipmi: null, cluster: '10.30.7.8' }, name: 'pdu9' }, 'test');
  assert.deepEqual(Object.values(moved.addresses), [7 * 256 + 8]);
  await removeOtherdev(store, 'pdu9', 'test');
  const claims = await store.db.collection<Claim>('claims').find({}).toArray();
  assert.deepEqual(claims.filter(({ owner }) => owner.startsWith('otherdev/')), []);
});

test('renames every kind of object and lets others have the old name', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await changeNetwork(store, 'ipmi', { name: 'bmc' }, 'test');
  await changeSwitch(store, 'switch01', { name: 'sw1' }, 'test');
  await changeOsimage(store, 'compute', { name: 'debian', kernopts: '' }, 'test');
  await changeBmcsetup(store, 'base', { name: 'ladmin' }, 'test');
  await changeGroup(store, 'compute', { name: 'hpc' }, 'test');
  await changeNode(store, 'node001', { name: 'login1' }, 'test');
  await assert.rejects(changeNode(store, 'node002', { name: 'login1' }, 'test'), refused('taken', /the name login1 is taken by node login1/));
  await addNodes(store, { names: ['node001'], group: 'hpc' }, 'test');
  await addBmcsetup(store, { name: 'base' }, 'test');

  const site = await loadSite(store);
  assert.equal(await ips(store, 'login1'), 'BOOTIF=10.30.0.2 BMC=10.31.0.2');
  assert.deepEqual([...site.groups.values()].map(({ name }) => name), ['hpc']);
});

test('clones a group with its interfaces and their settings, and no node', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await changeGroup(store, 'compute', {
    interfaces: [
      { name: 'BOOTIF', op: 'set', mtu: 9000, routes: [{ to: '10.99.0.0/16', via: '10.30.0.254', metric: null }] },
      { name: 'eth1', op: 'add', params: 'x=y' }, { name: 'eth2', op: 'add' },
      { name: 'bond0', op: 'add', bond: { mode: '802.3ad', members: ['eth1', 'eth2'] } },
      { name: 'bond0.7', op: 'add', vlan: { id: 7, parent: 'bond0' } },
    ],
    torrent_if: 'BOOTIF', prescript: 'true',
  }, 'test');
  await addNodes(store, { names: ['node001'], group: 'compute' }, 'test');

  const clone = await cloneGroup(store, 'compute', 'login', 'test');

  const { groups } = await loadSite(store);
  const original = [...groups.values()].find(({ name }) => name === 'compute');
  const plain = (one: typeof clone | undefined): unknown => ({ ...one, _id: 0, rev: 0, name: '', torrent_if: '', interfaces: one?.interfaces.map((iface) => ({ ...iface, id: '' })) });
  assert.deepEqual(plain(clone), plain(original));
  assert.equal(clone.interfaces.find(({ id }) => id === clone.torrent_if)?.name, 'BOOTIF');
  await assert.rejects(cloneGroup(store, 'compute', 'login', 'test'), refused('taken', /name login/));
});

test('carries out several operations on interfaces together or not at all', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNetwork(store, { name: 'tiny', network: '10.40.0.0', prefix: 30 }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const claims = await store.db.collection('claims').countDocuments();
  const change = (...interfaces: NonNullable<Parameters<typeof changeGroup>[2]['interfaces']>) => changeGroup(store, 'compute', { interfaces }, 'test');

  await assert.rejects(change({ name: 'eth1', op: 'add' }, { name: 'eth1', op: 'setnet', network: 'tiny' }), refused('conflict', /network tiny .* has 1 free addresses and 2 are needed/));
  await assert.rejects(change({ name: 'eth1', op: 'add' }, { name: 'eth1', op: 'add' }), refused('taken', /an interface eth1 already/));
  await assert.rejects(change({ name: 'v7', op: 'add', vlan: { id: 7, parent: 'eth9' } }), refused('invalid', /stands on eth9, which the group hasn't got/));
  await assert.rejects(change({ name: 'BMC', op: 'set', mtu: 9000 }), refused('invalid', /is a management controller/));
  await assert.rejects(change({ name: 'bond0', op: 'add', bond: { mode: 'active-backup', members: ['BOOTIF'] } }), refused('invalid', /has addresses of its own/));
  assert.equal(await store.db.collection('claims').countDocuments(), claims);
  assert.equal(await ips(store, 'node001'), 'BOOTIF=10.30.0.2 BMC=10.31.0.2');

  await change({ name: 'eth1', op: 'add' }, { name: 'v7', op: 'add', vlan: { id: 7, parent: 'eth1' }, network: 'ipmi' }, { name: 'eth1', op: 'rename', newname: 'ens3' });
  await assert.rejects(change({ name: 'ens3', op: 'delete' }), refused('in-use', /interface ens3 of group compute is in use by v7/));
  assert.equal(await ips(store, 'node002'), 'BOOTIF=10.30.0.3 BMC=10.31.0.3 ens3=null v7=10.31.0.5');
});

test('binds several MACs to a node, takes some away, and none of another’s', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const mac = (n: number): string => `52:54:00:00:00:0${n}`;
  const macs = async (name: string): Promise<string[]> => {
    const site = await loadSite(store);
    return [...site.macsOf.get(site.nodesByName.get(name)?._id ?? '') ?? []].sort();
  };

  await changeNode(store, 'node001', { mac: mac(1), macs: { add: [mac(2), mac(3)] } }, 'test');
  await changeNode(store, 'node001', { macs: { add: [mac(4)], remove: [mac(2)] } }, 'test');
  await assert.rejects(changeNode(store, 'node002', { macs: { add: [mac(5), mac(1)] } }, 'test'), refused('taken', /is bound to node node001/));
  await assert.rejects(changeNode(store, 'node002', { macs: { remove: [mac(1)] } }, 'test'), refused('invalid', /is not bound to node node002/));
  assert.deepEqual([await macs('node001'), await macs('node002')], [[mac(1), mac(3), mac(4)], []]);
  await changeNode(store, 'node002', { macs: { add: [mac(1)] }, steal: true }, 'test');
  await changeNode(store, 'node001', { mac: mac(9) }, 'test');

  assert.deepEqual([await macs('node001'), await macs('node002')], [[mac(9)], [mac(1)]]);
});
