import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterSchema } from '../../../domain/cluster.ts';
import { groupSchema } from '../../../domain/group.ts';
import { networkSchema } from '../../../domain/network.ts';
import { nodeView, unknownViews } from '../../../domain/node-views.ts';
import { nodeSchema } from '../../../domain/node.ts';
import { groupView, networkView, switchView } from '../../../domain/object-views.ts';
import type { Site } from '../../../domain/site.ts';
import { switchSchema } from '../../../domain/switch.ts';

const network = networkSchema.parse({ _id: 'n1', name: 'cluster', rev: 0, network: '10.30.0.0', prefix: 16, dhcp_start: 256, dhcp_end: 511 });
const group = groupSchema.parse({
  _id: 'g1', name: 'compute', rev: 0, osimage: 'gone', domain: 'n1', torrent_if: 'i2',
  interfaces: [{ id: 'i1', name: 'BOOTIF', network: 'n1' }, { id: 'i2', name: 'eth1', network: null }],
});
const settings = { params: '', mtu: null, vlan: null, bond: null, routes: [], dhcp: false };
const node = nodeSchema.parse({ _id: 'o1', name: 'node001', rev: 3, group: 'g1', addresses: { i1: 258 } });
const site: Site = {
  cluster: clusterSchema.parse({ _id: 'c', name: 'general', rev: 0, frontend_address: '10.30.0.1' }),
  networks: new Map([['n1', network]]), switches: new Map(), otherdevs: new Map(), osimages: new Map(), artefacts: new Map(), bmcsetups: new Map(),
  groups: new Map([['g1', group]]), nodes: new Map([['o1', node]]), nodesByName: new Map([['node001', node]]),
  macs: new Map([['52:54:00:00:00:01', 'o1'], ['52:54:00:00:00:02', 'removed']]), macsOf: new Map([['o1', ['52:54:00:00:00:01']]]),
};

test('shows offsets as addresses and settings as they are in force', () => {
  const view = networkView(site, network);

  assert.deepEqual([view.dhcp_start, view.dhcp_end, view.provision], ['10.30.1.0', '10.30.1.255', true]);
  assert.equal(switchView(site, switchSchema.parse({ _id: 's', name: 's', rev: 0, network: 'n1', address: 9 })).ip, '10.30.0.9');
});

test('shows references as names, and the id of what is gone', () => {
  const view = groupView(site, group);

  assert.deepEqual([view.domain, view.torrent_if, view.osimage, view.boot_policy], ['cluster', 'eth1', 'gone', 'always']);
  assert.deepEqual(view.interfaces[1], { ...settings, name: 'eth1', network: null, address: null, network6: null, address6: null });
});

test('shows a node with what it inherits', () => {
  const view = nodeView(site, node, undefined);

  assert.deepEqual([view.hostname, view.group, view.macs, view.status], ['node001.cluster', 'compute', ['52:54:00:00:00:01'], null]);
  const none6 = { network6: null, ip6: null, prefix6: null };
  assert.deepEqual(view.interfaces, [
    { name: 'BOOTIF', network: 'cluster', ip: '10.30.1.2', prefix: 16, ...none6 }, { name: 'eth1', network: null, ip: null, prefix: null, ...none6 },
  ]);
});

test('takes for unknown what is bound to no node that exists', () => {
  const seen = (mac: string) => ({ _id: mac, mac, networkId: 'n1', ip: null, arch: null, firstSeen: '', lastSeen: '', where: null });

  const unknown = unknownViews(site, ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:00:00:00:03'].map(seen));

  assert.deepEqual(unknown.map(({ mac, network: name }) => `${mac} ${name}`), ['52:54:00:00:00:02 cluster', '52:54:00:00:00:03 cluster']);
});
