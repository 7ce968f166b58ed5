import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cluster, clusterSchema } from '../../../domain/cluster.ts';
import { lastOffset, moved, offsetOf, refuseOverlap } from '../../../domain/addresses.ts';
import { dynamicRange, isProvisioned, lowestFree, rangeKeptFree, reservedOffsets } from '../../../domain/ip-pool.ts';
import { type Network, networkSchema } from '../../../domain/network.ts';
import { subnetOf } from '../../../domain/subnet.ts';
import { refused } from '../../support/refused.ts';

const network = (fields: Partial<Network> = {}): Network =>
  networkSchema.parse({ _id: 'n', name: 'cluster', rev: 0, network: '10.30.0.0', prefix: 24, ...fields });
const cluster = (frontend: string | null): Cluster => clusterSchema.parse({ _id: 'c', name: 'general', rev: 0, frontend_address: frontend });

test('counts offsets from the base and refuses what no host may have', () => {
  assert.equal(offsetOf(network(), '10.30.0.7'), 7n);
  assert.equal(lastOffset(network()), 254n);
  assert.equal(lastOffset(network({ prefix: 30 })), 2n);
  assert.throws(() => offsetOf(network(), '10.30.0.0'), refused('invalid', /own or its broadcast/));
  assert.throws(() => offsetOf(network(), '10.30.0.255'), refused('invalid', /own or its broadcast/));
  assert.throws(() => offsetOf(network(), '10.31.0.1'), refused('invalid', /lies outside: network cluster is 10\.30\.0\.0\/24/));
});

test('takes the upper quarter for machines without a reservation unless a range is declared', () => {
  const cases: [Partial<Network>, { start: number; end: number } | null][] = [
    [{}, { start: 192, end: 254 }],
    [{ prefix: 16 }, { start: 49152, end: 65534 }],
    [{ prefix: 29 }, { start: 6, end: 6 }],
    [{ prefix: 30 }, null],
    [{ dhcp_start: 10, dhcp_end: 20 }, { start: 10, end: 20 }],
  ];
  for (const [fields, range] of cases) assert.deepEqual(dynamicRange(network(fields)), range);
});

test('keeps a range free only where addresses are handed out, or where one is declared', () => {
  assert.equal(rangeKeptFree(network(), null), null);
  assert.deepEqual(rangeKeptFree(network(), cluster('10.30.0.1')), { start: 192, end: 254 });
  assert.equal(rangeKeptFree(network({ provision: false }), cluster('10.30.0.1')), null);
  assert.deepEqual(rangeKeptFree(network({ dhcp_start: 5, dhcp_end: 9 }), null), { start: 5, end: 9 });
});

test('provisions where it is told to, else where the frontend address lies', () => {
  assert.equal(isProvisioned(network(), cluster('10.30.0.1')), true);
  assert.equal(isProvisioned(network(), cluster('10.31.0.1')), false);
  assert.equal(isProvisioned(network(), null), false);
  assert.equal(isProvisioned(network({ provision: true }), null), true);
});

test('reserves the frontend, the gateway and the name server where they lie in the network', () => {
  const reserved = reservedOffsets(network({ gateway: '10.30.0.254', ns_ip: '10.30.0.1' }), cluster('10.30.0.1'));

  assert.deepEqual([...reserved], [[1n, 'frontend'], [254n, 'gateway']]);
  assert.deepEqual([...reservedOffsets(network(), cluster('10.99.0.1'))], []);
});

test('gives the lowest free offsets, past what is taken and past the dynamic range', () => {
  const declared = network({ prefix: 28, dhcp_start: 4, dhcp_end: 6 });

  assert.deepEqual(lowestFree(declared, null, new Set([1n, 3n, 8n]), 4), [2n, 7n, 9n, 10n]);
});

test('says how many addresses are free when there are too few', () => {
  assert.throws(() => lowestFree(network({ prefix: 30 }), null, new Set([1n]), 2), refused('conflict', /has 1 free addresses and 2 are needed/));
});

test('refuses networks that share addresses, but not with themselves', () => {
  const others = [network(), network({ _id: 'm', name: 'ipmi', network: '10.31.0.0' })];

  refuseOverlap(network(), others);
  refuseOverlap(network({ _id: 'x', name: 'x', network: '10.30.1.0' }), others);
  assert.throws(() => { refuseOverlap(network({ _id: 'x', name: 'big', network: '10.0.0.0', prefix: 8 }), others); }, refused('invalid', /big 10\.0\.0\.0\/8 overlaps network cluster/));
  assert.throws(() => { refuseOverlap(network({ _id: 'x', name: 'small', network: '10.31.0.128', prefix: 30 }), others); }, refused('invalid', /overlaps network ipmi/));
});

test('moves an address with its network and leaves one that lay elsewhere', () => {
  const [from, to] = [subnetOf(network()), subnetOf(network({ network: '10.40.0.0' }))];

  assert.equal(moved('10.30.0.254', from, to), '10.40.0.254');
  assert.equal(moved('192.168.0.1', from, to), '192.168.0.1');
  assert.equal(moved(null, from, to), null);
});
