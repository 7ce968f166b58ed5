import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Claim } from '../../domain/claims.ts';
import { nodeView } from '../../domain/node-views.ts';
import { networkAddresses } from '../../domain/network-addresses.ts';
import { plannedInterfaces } from '../../domain/planned-interfaces.ts';
import type { Site } from '../../domain/site.ts';
import { changeNode } from '../../infra/store/change-node.ts';
import { addGroup, changeGroup } from '../../infra/store/groups.ts';
import { addNetwork, changeNetwork, removeNetwork } from '../../infra/store/networks.ts';
import { addNodes, removeNode } from '../../infra/store/nodes.ts';
import { loadSite } from '../../infra/store/site.ts';
import { addSwitch } from '../../infra/store/switches.ts';
import { startDocuments } from '../support/documents.ts';
import { refused } from '../support/refused.ts';
import { siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

/** `BOOTIF 10.30.0.2/16 fd00::1/64` of every interface of a node. */
function interfaces(site: Site, name: string): string[] {
  const node = site.nodesByName.get(name);
  assert.ok(node);
  return nodeView(site, node, undefined).interfaces.map(({ name: iface, ip, prefix, ip6, prefix6 }) => `${iface} ${ip}/${prefix} ${ip6}/${prefix6}`);
}

test('gives nodes an address of each family, moves them, and takes them back', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const { ns_ip } = await addNetwork(store, { name: 'cluster6', network: 'FD00:0::99', prefix: 64, gateway: 'fe80::1', dns: ['fd00::53', '10.30.0.1'], mtu: 1400 }, 'test');
  await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');

  await changeGroup(store, 'compute', { interface: { name: 'BOOTIF', op: 'setnet', network: 'cluster6' } }, 'test');
  await addNodes(store, { names: ['node003'], group: 'compute' }, 'test');
  await changeNode(store, 'node002', { interfaces: [{ name: 'BOOTIF', ip: 'fd00:0:0:0:1::' }, { name: 'BMC', ip: '10.31.0.99' }] }, 'test');

  const site = await loadSite(store);
  assert.equal(ns_ip, 'fd00::ffff:ffff:ffff:fffe');
  assert.deepEqual(['node001', 'node002', 'node003'].map((name) => interfaces(site, name)), [
    ['BOOTIF 10.30.0.2/16 fd00::1/64', 'BMC 10.31.0.2/24 null/null'],
    ['BOOTIF 10.30.0.3/16 fd00::1:0:0:0/64', 'BMC 10.31.0.99/24 null/null'],
    ['BOOTIF 10.30.0.4/16 fd00::3/64', 'BMC 10.31.0.4/24 null/null'],
  ]);
  const node = site.nodesByName.get('node001');
  const [planned] = node ? plannedInterfaces(site, node) : [];
  assert.deepEqual([planned?.ip6, planned?.prefix6, planned?.gateway6, planned?.dns, planned?.mtu], ['fd00::1', 64, 'fe80::1', ['fd00::53', '10.30.0.1'], 1400]);

  await assert.rejects(changeNode(store, 'node003', { interface: { name: 'BOOTIF', ip: 'fd00::1' } }, 'test'), refused('taken', /fd00::1 is taken by node node001/));
  await assert.rejects(changeNode(store, 'node003', { interface: { name: 'BMC', ip: 'fd00::7' } }, 'test'), refused('invalid', /interface BMC of group compute has no IPv6 network/));
  await assert.rejects(changeGroup(store, 'compute', { interface: { name: 'BMC', op: 'setnet', network: 'cluster6' } }, 'test'), refused('invalid', /takes IPv4 networks only/));
  await assert.rejects(changeGroup(store, 'compute', { interface: { name: 'BOOTIF', op: 'delnet' } }, 'test'), refused('invalid', /name the one to leave/));
  await assert.rejects(removeNetwork(store, 'cluster6', 'test'), refused('in-use', /\[group\/compute\]/));

  await removeNode(store, 'node003', 'test');
  await changeGroup(store, 'compute', { interface: { name: 'BOOTIF', op: 'delnet', network: 'cluster6' } }, 'test');
  assert.deepEqual(interfaces(await loadSite(store), 'node002'), ['BOOTIF 10.30.0.3/16 null/null', 'BMC 10.31.0.99/24 null/null']);
  await removeNetwork(store, 'cluster6', 'test');
  const claims = await store.db.collection<Claim>('claims').find({}).toArray();
  // Of two nodes two addresses each; the frontend, the switch and two name servers.
  assert.equal(claims.filter(({ _id }) => _id.startsWith('ip/')).length, 4 + 4);
});

test('renumbers an IPv6 network with everything in it, and keeps addresses through a change of group', async (t) => {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  await addNetwork(store, { name: 'six', network: 'fd00:1::', prefix: 64, gateway: 'fd00:1::fe', reserve: [{ ip: 'fd00:1::1-fd00:1::3', name: 'pdus' }] }, 'test');
  await addSwitch(store, { name: 'switch06', network: 'six', ip: 'fd00:1::21' }, 'test');
  await addGroup(store, { name: 'six', osimage: 'compute', network: 'cluster', network6: 'six' }, 'test');
  await addGroup(store, { name: 'only6', osimage: 'compute', network: 'six' }, 'test');
  await addNodes(store, { names: ['node001'], group: 'six' }, 'test');

  const moved = await changeNetwork(store, 'six', { network: 'fd00:2::', prefix: 80 }, 'test');
  await changeNode(store, 'node001', { group: 'only6' }, 'test');

  const site = await loadSite(store);
  assert.deepEqual([moved.gateway, moved.ns_ip], ['fd00:2::fe', 'fd00:2::ffff:ffff:fffe']);
  assert.deepEqual(interfaces(site, 'node001'), ['BOOTIF null/null fd00:2::4/80']);
  assert.deepEqual(networkAddresses(site, moved), {
    members: [
      ...[1, 2, 3].map((last) => ({ ip: `fd00:2::${last}`, kind: 'network', name: 'six', why: 'pdus' })),
      { ip: 'fd00:2::4', kind: 'node', name: 'node001', why: null },
      { ip: 'fd00:2::21', kind: 'switch', name: 'switch06', why: null },
      { ip: 'fd00:2::fe', kind: 'network', name: 'six', why: 'gateway' },
      { ip: 'fd00:2::ffff:ffff:fffe', kind: 'network', name: 'six', why: 'name server' },
    ],
    dynamic: null,
    free: [{ start: 'fd00:2::5', end: 'fd00:2::20' }, { start: 'fd00:2::22', end: 'fd00:2::fd' }, { start: 'fd00:2::ff', end: 'fd00:2::ffff:ffff:fffd' }],
  });
  await assert.rejects(changeNetwork(store, 'six', { network: '10.60.0.0', prefix: 16 }, 'test'), refused('invalid', /network six is IPv6; an IPv4 network is one of its own/));
  await assert.rejects(addNetwork(store, { name: 'x', network: 'fd00:2::7', prefix: 126 }, 'test'), refused('invalid', /overlaps network six fd00:2::\/80/));
  await assert.rejects(changeNetwork(store, 'six', { prefix: 124 }, 'test'), refused('invalid', /fd00:2::fe lies outside/));
});
