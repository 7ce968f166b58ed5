import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type GroupInterface, groupInterfaceSchema } from '../../../domain/group.ts';
import { refuseOddInterfaces } from '../../../domain/interface-checks.ts';
import { renamedInterface } from '../../../domain/interface-rules.ts';
import { refused } from '../../support/refused.ts';

type Given = Partial<Omit<GroupInterface, 'routes'>> & { name: string; routes?: { to: string; via: string; metric?: number }[] };
const interfaces = (...given: Given[]): GroupInterface[] => given.map((one, i) => groupInterfaceSchema.parse({ id: `i${i}`, ...one }));

const good: [string, Given[]][] = [
  ['a bond with a VLAN on it', [{ name: 'bond0', bond: { mode: '802.3ad', members: ['eth0', 'eth1'] } }, { name: 'bond0.7', vlan: { id: 7, parent: 'bond0' }, network: 'n' }]],
  ['members that are declared, too', [{ name: 'eth0' }, { name: 'bond0', bond: { mode: 'active-backup', members: ['eth0'] }, network: 'n' }]],
  ['the same tag on two NICs', [{ name: 'a' }, { name: 'b' }, { name: 'a.7', vlan: { id: 7, parent: 'a' } }, { name: 'b.7', vlan: { id: 7, parent: 'b' } }]],
  ['default routes of both families', [{ name: 'a', routes: [{ to: 'default', via: '10.0.0.1' }, { to: 'default', via: 'fe80::1' }, { to: 'default', via: '10.0.0.2', metric: 9 }] }]],
  ['DHCP beside an IPv6 network', [{ name: 'BOOTIF', dhcp: true, network6: 'n6' }]],
];
const odd: [string, Given[], RegExp][] = [
  ['two of a name', [{ name: 'a' }, { name: 'a' }], /interface a of group compute is named twice/],
  ['a reserved name in small letters', [{ name: 'bootif' }], /interface bootif .* can't be told from BOOTIF/],
  ['another reserved name', [{ name: 'Bmc' }], /can't be told from BMC/],
  ['a BMC with an IPv6 network', [{ name: 'BMC', network6: 'n6' }], /one IPv4 network and nothing else/],
  ['a BMC with a route', [{ name: 'BMC', routes: [{ to: 'default', via: '10.0.0.1' }] }], /one IPv4 network and nothing else/],
  ['DHCP and a network', [{ name: 'a', network: 'n', dhcp: true }], /has a network and DHCP/],
  ['an IPv6 network and small packets', [{ name: 'a', network6: 'n6', mtu: 1000 }], /an MTU of 1280 at least/],
  ['a route across families', [{ name: 'a', routes: [{ to: 'fd00::/8', via: '10.0.0.1' }] }], /to fd00::\/8 by 10\.0\.0\.1, an IPv4 address/],
  ['a route by no address', [{ name: 'a', routes: [{ to: 'default', via: 'gate' }] }], /which is no address/],
  ['a route to a host', [{ name: 'a', routes: [{ to: '10.0.0.7/8', via: '10.0.0.1' }] }], /host bits set/],
  ['two ways of one metric', [{ name: 'a', routes: [{ to: '10.1.0.0/16', via: '10.0.0.1' }, { to: '10.1.0.0/16', via: '10.0.0.2' }] }], /two routes to 10\.1\.0\.0\/16/],
  ['a VLAN and bond', [{ name: 'b' }, { name: 'a', vlan: { id: 1, parent: 'b' }, bond: { mode: 'balance-rr', members: ['c'] } }], /a VLAN or a bond/],
  ['a VLAN on nothing', [{ name: 'a.1', vlan: { id: 1, parent: 'a' } }], /stands on a, which the group hasn't got/],
  ['a VLAN on itself', [{ name: 'a', vlan: { id: 1, parent: 'a' } }], /stands on a NIC or a bond/],
  ['a VLAN on a VLAN', [{ name: 'a' }, { name: 'b', vlan: { id: 1, parent: 'a' } }, { name: 'c', vlan: { id: 2, parent: 'b' } }], /stands on a NIC or a bond/],
  ['a VLAN on the BMC', [{ name: 'BMC' }, { name: 'b', vlan: { id: 1, parent: 'BMC' } }], /on the management controller/],
  ['a VLAN twice', [{ name: 'a' }, { name: 'b', vlan: { id: 1, parent: 'a' } }, { name: 'c', vlan: { id: 1, parent: 'a' } }], /is VLAN 1 on a, which b is already/],
  ['a VLAN of larger packets', [{ name: 'a', mtu: 1500 }, { name: 'b', mtu: 9000, vlan: { id: 1, parent: 'a' } }], /more than the 1500 of a/],
  ['a long name that Linux must make', [{ name: 'a' }, { name: 'storage-network1', vlan: { id: 1, parent: 'a' } }], /Linux limits to 15 characters/],
  ['a bond of itself', [{ name: 'a', bond: { mode: 'broadcast', members: ['a'] } }], /a bond is made of NICs/],
  ['a NIC in two bonds', [{ name: 'a', bond: { mode: 'broadcast', members: ['x'] } }, { name: 'b', bond: { mode: 'broadcast', members: ['x'] } }], /bond a has it/],
  ['a bond of what has addresses', [{ name: 'x', network: 'n' }, { name: 'b', bond: { mode: 'broadcast', members: ['x'] } }], /has addresses of its own/],
];

test('takes interfaces that make sense together', () => {
  for (const [, given] of good) refuseOddInterfaces({ name: 'compute' }, interfaces(...given));
});

test('refuses interfaces that contradict each other or themselves', () => {
  for (const [what, given, words] of odd) {
    assert.throws(() => { refuseOddInterfaces({ name: 'compute' }, interfaces(...given)); }, refused('invalid', words), what);
  }
});

test('renames an interface with the VLANs and bonds that name it', () => {
  const all = interfaces({ name: 'eth0' }, { name: 'eth0.7', vlan: { id: 7, parent: 'eth0' } }, { name: 'bond0', bond: { mode: 'broadcast', members: ['eth0', 'eth1'] } });

  const renamed = renamedInterface(all, 'eth0', 'ens3');

  assert.deepEqual(renamed.map(({ name, vlan, bond }) => [name, vlan?.parent, bond?.members]), [['ens3', undefined, undefined], ['eth0.7', 'ens3', undefined], ['bond0', undefined, ['ens3', 'eth1']]]);
});
