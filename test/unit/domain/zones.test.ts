import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Site } from '../../../domain/site.ts';
import { zonesOf } from '../../../domain/zones.ts';
import { type Declared, plainSite } from '../../support/plain-site.ts';

/** One line a record: `node001 A 10.30.0.1`. */
function linesOf(site: Site, name: string): string[] {
  const zone = zonesOf(site).zones.find((one) => one.name === name);
  assert.ok(zone, `there is no zone ${name}`);
  return zone.records.map((record) => `${record.name} ${record.type} ${record.value}`);
}

const tutorial: Declared = {
  cluster: { frontend_address: '10.30.255.254' },
  networks: { cluster: { network: '10.30.0.0', prefix: 16 }, ipmi: { network: '10.31.0.0', prefix: 16 } },
  switches: { switch01: { network: 'ipmi', address: 65_000 } },
  groups: { compute: { osimage: 'x', interfaces: [{ id: 'b', name: 'BMC', network: 'ipmi' }, { id: 'i', name: 'BOOTIF', network: 'cluster' }] } },
  nodes: { node001: { group: 'compute', addresses: { i: 1, b: 1 } }, node002: { group: 'compute', addresses: { i: 2, b: 2 } } },
};

describe('the zones of a site', () => {
  it('name each node in the networks it stands in, its BMC among them', () => {
    const site = plainSite(tutorial);

    assert.deepEqual(zonesOf(site).zones.map(({ name }) => name), ['30.10.in-addr.arpa', '31.10.in-addr.arpa', 'cluster', 'ipmi']);
    assert.deepEqual(linesOf(site, 'cluster'), ['@ NS luna.cluster', 'luna A 10.30.255.254', 'node001 A 10.30.0.1', 'node002 A 10.30.0.2']);
    assert.deepEqual(linesOf(site, 'ipmi'), ['@ NS luna.cluster', 'node001 A 10.31.0.1', 'node002 A 10.31.0.2', 'switch01 A 10.31.253.232']);
    assert.deepEqual(linesOf(site, '30.10.in-addr.arpa'), ['@ NS luna.cluster', '1.0 PTR node001.cluster', '2.0 PTR node002.cluster', '254.255 PTR luna.cluster']);
    assert.deepEqual(linesOf(site, '31.10.in-addr.arpa'), ['@ NS luna.cluster', '1.0 PTR node001.ipmi', '2.0 PTR node002.ipmi', '232.253 PTR switch01.ipmi']);
    assert.deepEqual(zonesOf(site).warnings, []);
  });

  it('name otherdevs in each of their networks, and reserved addresses that have a host name', () => {
    const site = plainSite({
      networks: { cluster: { network: '10.30.0.0', prefix: 16, reserved: [{ offset: 7, name: 'printer' }, { offset: 8, name: 'for the guests' }, { offset: 9, name: null }] }, v6: { network: 'fd00:10::', prefix: 64 } },
      otherdevs: { pdu01: { addresses: { cluster: 5 }, addresses6: { v6: '10' } } },
    });

    assert.deepEqual(linesOf(site, 'cluster').slice(1), ['pdu01 A 10.30.0.5', 'printer A 10.30.0.7']);
    assert.deepEqual(linesOf(site, 'v6').slice(1), ['pdu01 AAAA fd00:10::a']);
  });

  it('tell both addresses of a card by the name of its IPv4 network', () => {
    const site = plainSite({
      cluster: { frontend_address: '10.30.255.254' },
      networks: { cluster: { network: '10.30.0.0', prefix: 16 }, v6: { network: 'fd00:10::', prefix: 64, ns_hostname: 'ns', ns_ip: 'fd00:10::53' } },
      groups: { compute: { osimage: 'x', interfaces: [{ id: 'i', name: 'BOOTIF', network: 'cluster', network6: 'v6' }] } },
      nodes: { node001: { group: 'compute', addresses: { i: 1 }, addresses6: { i: '1' } } },
    });

    assert.deepEqual(linesOf(site, 'cluster').slice(2), ['node001 A 10.30.0.1', 'node001 AAAA fd00:10::1']);
    assert.deepEqual(linesOf(site, 'v6'), ['@ NS ns.v6', 'ns AAAA fd00:10::53', 'node001 AAAA fd00:10::1']);
    assert.deepEqual(linesOf(site, '0.0.0.0.0.0.0.0.0.1.0.0.0.0.d.f.ip6.arpa').slice(1), [`1${'.0'.repeat(15)} PTR node001.cluster`, `3.5${'.0'.repeat(14)} PTR ns.v6`]);
  });

  it('are served by whom the network says', () => {
    const site = plainSite({ networks: { cluster: { network: '10.30.0.0', prefix: 16, ns_hostname: 'master', ns_ip: '10.30.255.1' } } });

    assert.deepEqual(linesOf(site, 'cluster'), ['@ NS master.cluster', 'master A 10.30.255.1']);
    assert.deepEqual(linesOf(site, '30.10.in-addr.arpa'), ['@ NS master.cluster', '1.255 PTR master.cluster']);
  });

  it('are served by a node that is named as the server', () => {
    const site = plainSite({ groups: tutorial.groups ?? {}, nodes: tutorial.nodes ?? {}, networks: { cluster: { network: '10.30.0.0', prefix: 16, ns_hostname: 'node002' }, ipmi: { network: '10.31.0.0', prefix: 16 } } });

    assert.deepEqual(linesOf(site, 'cluster').at(0), '@ NS node002.cluster');
    assert.deepEqual(linesOf(site, 'ipmi').at(0), '@ NS node002.cluster');
  });

  it('take a server of another domain as it is', () => {
    const site = plainSite({ networks: { cluster: { network: '10.30.0.0', prefix: 16, ns_hostname: 'ns1.example.org' } } });

    assert.deepEqual(linesOf(site, 'cluster'), ['@ NS ns1.example.org']);
  });

  it('tell who has no server', () => {
    const { zones, warnings } = zonesOf(plainSite({ networks: { lonely: { network: '10.30.0.0', prefix: 16 } } }));

    assert.equal(zones[0]?.nameserver, 'localhost');
    assert.match(warnings[0] ?? '', /^network lonely: its zones have no name server: luna network change lonely --ns_hostname/);
  });

  const twoCards = (first: string, second: string): Site => plainSite({
    ...tutorial,
    groups: { compute: { osimage: 'x', interfaces: [{ id: 'b', name: first, network: 'cluster' }, { id: 'i', name: second, network: 'cluster' }] } },
    nodes: { node001: { group: 'compute', addresses: { i: 1, b: 2 } } },
  });

  it('tell several interfaces in one network apart; the bare name is that of BOOTIF', () => {
    const site = twoCards('eth1', 'BOOTIF');

    assert.deepEqual(linesOf(site, 'cluster').slice(2), ['node001-bootif A 10.30.0.1', 'node001-eth1 A 10.30.0.2', 'node001 CNAME node001-bootif.cluster']);
    assert.deepEqual(linesOf(site, '30.10.in-addr.arpa').slice(1, 3), ['1.0 PTR node001-bootif.cluster', '2.0 PTR node001-eth1.cluster']);
  });

  it('keep the case of interfaces that only differ by it', () => {
    // Names in DNS are alike in any case, so only one of the two can be told.
    assert.deepEqual(linesOf(twoCards('ib0', 'IB0'), 'cluster').slice(2), ['node001-ib0 A 10.30.0.2', 'node001 CNAME node001-ib0.cluster']);
  });

  it('never give a name to two objects', () => {
    const site = plainSite({ ...tutorial, switches: { node001: { network: 'cluster', address: 9 } } });

    assert.ok(!linesOf(site, 'cluster').includes('node001 A 10.30.0.9'));
    assert.match(zonesOf(site).warnings.join(), /^switch node001: node001\.cluster is .* another object's; 10\.30\.0\.9 has no name there$/);
  });

  it('carry the text of their networks', () => {
    const site = plainSite(tutorial);
    Object.assign(site.networks.get('cluster') ?? {}, { include: 'www IN CNAME node001\n\n', rev_include: '9.9 IN PTR printer.cluster.' });
    const including = new Map(zonesOf(site).zones.map(({ name, include }) => [name, include]));

    assert.equal(including.get('cluster'), 'www IN CNAME node001\n');
    assert.equal(including.get('30.10.in-addr.arpa'), '9.9 IN PTR printer.cluster.\n');
    assert.equal(including.get('ipmi'), '');
  });

  it('delegate to the zones below them, with the address of the server', () => {
    const site = plainSite({
      networks: { site: { network: '10.30.0.0', prefix: 16, ns_hostname: 'ns', ns_ip: '10.30.0.1' }, 'lab.site': { network: '10.31.0.0', prefix: 16, ns_hostname: 'ns', ns_ip: '10.31.0.1' } },
    });

    assert.deepEqual(linesOf(site, 'site'), ['@ NS ns.site', 'ns A 10.30.0.1', 'lab NS ns.lab.site', 'ns.lab A 10.31.0.1']);
  });

  it('say when they hold names that are no host names', () => {
    const site = plainSite({ ...tutorial, nodes: { node_1: { group: 'compute', addresses: { i: 1 } } } });
    const strict = Object.fromEntries(zonesOf(site).zones.map((zone) => [zone.name, zone.strict]));

    assert.deepEqual(strict, { '30.10.in-addr.arpa': false, '31.10.in-addr.arpa': true, cluster: false, ipmi: true });
  });

  it('leave out names DNS cannot carry', () => {
    const long = 'n'.repeat(60);
    const site = plainSite({
      ...tutorial,
      groups: { compute: { osimage: 'x', interfaces: [{ id: 'i', name: 'BOOTIF', network: 'cluster' }, { id: 'b', name: 'eth1', network: 'cluster' }] } },
      nodes: { [long]: { group: 'compute', addresses: { i: 1 } }, 'a..b': { group: 'compute', addresses: { i: 2 } } },
    });

    assert.deepEqual(linesOf(site, 'cluster'), ['@ NS luna.cluster', 'luna A 10.30.255.254']);
    assert.equal(zonesOf(site).warnings.length, 2);
  });
});
