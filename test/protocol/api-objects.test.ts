import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Change } from '../../domain/change.ts';
import type { DhcpPlan } from '../../domain/dhcp-plan.ts';
import type { GroupView, NetworkView, NodeView } from '../../domain/views.ts';
import type { ZonesView } from '../../domain/zone.ts';
import type { Store } from '../../infra/store/connect.ts';
import { startApi } from '../support/api.ts';
import { brief, type CallApi } from '../support/call-api.ts';
import { startDocuments } from '../support/documents.ts';
import { freshStore, siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

async function api(t: TestContext, store: Store): Promise<CallApi> {
  const served = await startApi(store);
  t.after(async () => {
    await served.stop();
    await store.close();
  });
  return served.call;
}

test('declares the seed’s site from nothing to nodes with addresses', async (t) => {
  const store = await freshStore(documents.uri);
  const call = await api(t, store);

  const steps: [string, object][] = [
    ['/cluster', {}],
    ['/networks', { name: 'cluster', network: '10.30.7.7', prefix: 16 }],
    ['/networks', { name: 'ipmi', network: '10.31.0.0', prefix: 16 }],
    ['/switches', { name: 'switch01', network: 'ipmi', ip: '10.31.253.21', oid: '.1.3.6.1.2.1.17.7.1.2.2.1.2' }],
    ['/osimages', { name: 'compute', path: '/opt/luna/os/compute' }],
    ['/bmcsetups', { name: 'base' }],
    ['/groups', { name: 'compute', osimage: 'compute', network: 'cluster', bmcsetup: 'base', bmcnetwork: 'ipmi' }],
  ];
  for (const [path, body] of steps) assert.equal((await call('POST', path, body)).status, 201, path);
  await call('PATCH', '/cluster', { frontend_address: '10.30.255.254' });
  const added = await call('POST', '/nodes', { names: ['node001', 'node002', 'node003'], group: 'compute' });
  const generated = await call('POST', '/nodes', { names: null, group: 'compute' });

  const nodes = [...added.json as NodeView[], ...generated.json as NodeView[]];
  assert.deepEqual(nodes.map(({ name, interfaces }) => `${name} ${interfaces.map(({ ip }) => ip).join(' ')}`), [
    'node001 10.30.0.1 10.31.0.1', 'node002 10.30.0.2 10.31.0.2', 'node003 10.30.0.3 10.31.0.3', 'node004 10.30.0.4 10.31.0.4',
  ]);
  const [network] = (await call('GET', '/networks')).json as NetworkView[];
  assert.equal(`${network?.name} ${network?.network}/${network?.prefix} ${network?.provision}`, 'cluster 10.30.0.0/16 true');
  const [by] = await store.db.collection<Change>('changes').distinct('by');
  assert.equal(by, 'root');
});

test('shows names and addresses, and never a secret', async (t) => {
  const call = await api(t, await siteStore(documents.uri));
  await call('POST', '/nodes', { names: ['node001'], group: 'compute' });
  await call('PATCH', '/nodes/node001', { switch: 'switch01', port: 3, mac: '52-54-00-AA-BB-01', comment: 'left rack' });

  const node = await call('GET', '/nodes/node001');
  const raw = await call('GET', '/nodes/node001?raw=1');

  assert.deepEqual(node.json, {
    name: 'node001', rev: 1, comment: 'left rack', group: 'compute', osimage: 'compute', hostname: 'node001.cluster', switch: 'switch01', port: '3',
    localboot: false, setupbmc: true, service: false, bootfile: null, ipxe: null, dhcp_options: {}, boot: [], macs: ['52:54:00:aa:bb:01'], status: null,
    interfaces: [
      { name: 'BOOTIF', network: 'cluster', ip: '10.30.0.2', prefix: 16, network6: null, ip6: null, prefix6: null },
      { name: 'BMC', network: 'ipmi', ip: '10.31.0.2', prefix: 24, network6: null, ip6: null, prefix6: null },
    ],
  });
  assert.match(brief(raw), /"addresses":\{"[0-9a-f-]{36}":2/);
  for (const path of ['/bmcsetups', '/bmcsetups/base?raw=1', '/switches', '/switches/switch01?raw=1']) {
    assert.doesNotMatch((await call('GET', path)).text, /secret|password|read/);
  }
});

test('tells DNS and DHCP servers of another make what they have to know', async (t) => {
  const call = await api(t, await siteStore(documents.uri));
  await call('POST', '/networks', { name: 'v6', network: 'fd00:30::', prefix: 64 });
  await call('PATCH', '/groups/compute', { interface: { name: 'BOOTIF', op: 'setnet', network: 'v6' } });
  await call('POST', '/nodes', { names: ['node001'], group: 'compute' });
  await call('PATCH', '/nodes/node001', { mac: '52:54:00:aa:bb:01' });

  const zones = (await call('GET', '/zones')).json as ZonesView;
  assert.deepEqual(zones.zones.map(({ name }) => name), ['0.0.0.0.0.0.0.0.0.3.0.0.0.0.d.f.ip6.arpa', '0.31.10.in-addr.arpa', '30.10.in-addr.arpa', 'cluster', 'ipmi', 'v6']);
  assert.match((await call('GET', '/zones/cluster')).text, /^\$ORIGIN cluster\.\n(.*\n)*node001 IN A 10\.30\.0\.2\nnode001 IN AAAA fd00:30::1\n/m);
  assert.equal((await call('GET', '/zones/nope')).status, 404);

  const plan = (await call('GET', '/dhcp')).json as DhcpPlan;
  assert.deepEqual(plan.subnets.map(({ name, reservations }) => [name, reservations]), [['cluster', [{ mac: '52:54:00:aa:bb:01', ip: '10.30.0.2', hostname: 'node001' }]]]);
  assert.match((await call('GET', '/dhcp/kea')).text, /"hw-address": "52:54:00:aa:bb:01"/);
  assert.match((await call('GET', '/dhcp/isc')).text, /hardware ethernet 52:54:00:aa:bb:01; fixed-address 10\.30\.0\.2;/);
  assert.equal((await call('GET', '/dhcp/constructor')).status, 404);
  assert.match(brief(await call('GET', '/dhcp/dnsmasq')), /^404 not-found there is no configuration for dnsmasq; known are kea, isc$/);
});

test('refuses what is wrong, naming the field, the reason and the next command', async (t) => {
  const call = await api(t, await siteStore(documents.uri));
  await call('POST', '/nodes', { names: ['node001', 'node002'], group: 'compute' });
  await call('PATCH', '/nodes/node001', { mac: '52:54:00:00:00:01' });

  const table: [string, string, unknown, RegExp][] = [
    ['POST', '/cluster', {}, /^409 conflict the cluster is initialised already \(luna cluster show\)$/],
    ['PATCH', '/cluster', { nodeprefx: 'n' }, /^400 invalid unknown field: nodeprefx; known are frontend_address, nodeprefix, /],
    ['PATCH', '/cluster', { frontend_port: 0, nodedigits: 'x' }, /^400 invalid nodedigits: expected number, received string; frontend_port: /],
    ['POST', '/networks', { network: '10.32.4.0' }, /^400 invalid name is missing; prefix is missing$/],
    ['POST', '/networks', { name: 'a b', network: '10.32.4.0', prefix: 24 }, /^400 invalid name: a name is 1–63 letters/],
    ['POST', '/networks', '{bad', /^400 invalid .*JSON/],
    ['POST', '/networks', [1], /^400 invalid the body: expected object, received array$/],
    ['POST', '/osimages', { name: 'x', path: '/missing' }, /^400 invalid path: \/missing is no directory/],
    ['POST', '/osimages', { name: 'x', path: '/opt/luna/os/compute' }, /^409 taken \/opt\/luna\/os\/compute is the tree of osimage compute/],
    ['POST', '/groups', { name: 'x', osimage: 'nope' }, /^404 not-found there is no osimage named nope \(luna osimage list\)$/],
    ['PATCH', '/groups/compute', { interface: { name: 'eth1', op: 'fly' } }, /^400 invalid interface\.op: /],
    ['PATCH', '/groups/compute', { interface: { name: 'BMC', op: 'setnet' } }, /^400 invalid interface\.network is missing$/],
    ['PATCH', '/groups/compute', { torrent_if: 'BMC' }, /^400 invalid BMC is no NIC of group compute; it has BOOTIF/],
    ['PATCH', '/nodes/node002', { interface: { name: 'BMC', addr: 'x' } }, /unknown field of interface: addr; known are name, ip$/],
    ['PATCH', '/nodes/node002', { mac: '52:54' }, /^400 invalid mac: must be a MAC address/],
    ['PATCH', '/nodes/node002', { mac: '52:54:00:00:00:01' }, /^409 taken 52:54:00:00:00:01 is bound to node node001 \(luna node change node001 --mac ''\)$/],
    ['PATCH', '/nodes/node002', { rev: 7, comment: 'x' }, /^409 conflict node node002 was changed meanwhile/],
    ['PATCH', '/nodes/nope', {}, /^404 not-found there is no node named nope \(luna node list\)$/],
    ['GET', '/nodes/nope', undefined, /^404 not-found there is no node named nope/],
    ['GET', '/nope', undefined, /^404 not-found there is no GET \/api\/v1\/nope$/],
    ['DELETE', '/groups/compute', undefined, /^409 in-use group compute is in use by \[node\/node001\] \[node\/node002\]/],
    ['GET', '/nodes/node001/script/fly', undefined, /^400 invalid there is no script named fly; known are boot, install, network$/],
    ['GET', '/nodes/node001/script/install', undefined, /^4\d\d [a-z-]+ .*compute/],
  ];
  for (const [method, path, body, words] of table) assert.match(brief(await call(method, path, body)), words);
});

test('changes a group’s fields and an interface in one call, and takes its name along', async (t) => {
  const call = await api(t, await siteStore(documents.uri));
  await call('POST', '/nodes', { names: ['node001'], group: 'compute' });

  const changed = await call('PATCH', '/groups/compute', {
    name: 'hpc', partscript: 'mount /dev/sda2 /sysroot', domain: null, interface: { name: 'eth1', op: 'add', network: 'cluster', params: 'MTU=9000' }, torrent_if: 'eth1',
  });

  const { name, boot_policy, domain, torrent_if, interfaces } = changed.json as GroupView;
  assert.deepEqual([name, boot_policy, domain, torrent_if], ['hpc', 'once', null, 'eth1']);
  const settings = { params: 'MTU=9000', mtu: null, vlan: null, bond: null, routes: [], dhcp: false };
  assert.deepEqual(interfaces.at(-1), { ...settings, name: 'eth1', network: 'cluster', address: '10.30.0.0/16', network6: null, address6: null });
  const node = (await call('GET', '/nodes/node001')).json as NodeView;
  assert.equal(`${node.group} ${node.hostname} ${node.interfaces.at(-1)?.ip ?? ''}`, 'hpc node001 10.30.0.3');
});

test('removes what nobody uses any more, down to the cluster', async (t) => {
  const call = await api(t, await siteStore(documents.uri));
  await call('POST', '/nodes', { names: ['node001'], group: 'compute' });

  for (const path of ['/nodes/node001', '/groups/compute', '/bmcsetups/base', '/osimages/compute', '/switches/switch01', '/networks/ipmi', '/networks/cluster', '/cluster']) {
    assert.equal(brief(await call('DELETE', path)), '204 ', path);
  }

  assert.match(brief(await call('GET', '/cluster')), /^404 not-found the cluster is not initialised \(luna cluster init\)$/);
});
