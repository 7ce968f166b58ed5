import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GroupInterface, groupInterfaceSchema } from '../../../domain/group.ts';
import { keptAddresses } from '../../../domain/regroup.ts';

const iface = (id: string, name: string, network: string | null): GroupInterface => groupInterfaceSchema.parse({ id, name, network });

test('keeps addresses where the network stays, by the same name first', () => {
  const from = [iface('a', 'BOOTIF', 'cluster'), iface('b', 'eth1', 'cluster'), iface('c', 'BMC', 'ipmi')];
  const to = [iface('x', 'eth1', 'cluster'), iface('y', 'BOOTIF', 'cluster'), iface('z', 'ipmi0', 'ipmi')];

  assert.deepEqual(keptAddresses(from, to, { a: 1, b: 2, c: 3 }, 'network'), { x: 2, y: 1, z: 3 });
});

test('gives each old address away once and leaves the rest to be allocated', () => {
  const from = [iface('a', 'BOOTIF', 'cluster')];
  const to = [iface('x', 'eth1', 'cluster'), iface('y', 'BOOTIF', 'cluster'), iface('z', 'eth2', 'storage'), iface('w', 'eth3', null)];

  assert.deepEqual(keptAddresses(from, to, { a: 1 }, 'network'), { y: 1 });
});
