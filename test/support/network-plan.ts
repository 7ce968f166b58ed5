import type { BootNic } from '../../domain/network-files/links.ts';
import { type NetworkSetup, networkSetup } from '../../domain/network-setup.ts';
import type { NetworkStyle } from '../../domain/network-style.ts';
import type { PlannedInterface } from '../../domain/planned-interfaces.ts';

/** An interface of which only some things are declared. */
export function planned(name: string, declared: Partial<PlannedInterface> = {}): PlannedInterface {
  return {
    name, ip: null, prefix: null, gateway: null, ip6: null, prefix6: null, gateway6: null, dns: [], search: [], mtu: null, vlan: null, bond: null, routes: [], dhcp: false, params: '', ...declared,
  };
}

/** The card it booted from, with everything a card can have. */
export const bootif = planned('BOOTIF', {
  ip: '10.30.0.1', prefix: 16, gateway: '10.30.255.254', ip6: 'fd00:30::1', prefix6: 64, gateway6: 'fd00:30::ffff', dns: ['10.30.255.254', '10.30.255.253', 'fd00:30::53'],
  search: ['cluster', 'example.org'], mtu: 1400, routes: [{ to: '10.40.0.0/16', via: '10.30.0.7', metric: 100 }, { to: 'fd00:40::/64', via: 'fd00:30::7', metric: null }],
});

/** One of each kind: a bond, VLANs on a card and on the bond, a card with DHCP, one that has nothing but carries a VLAN. */
export const everyKind: readonly PlannedInterface[] = [
  bootif,
  planned('bond0', { ip: '10.31.0.1', prefix: 16, bond: { mode: '802.3ad', members: ['eth1', 'eth2'] }, mtu: 9000 }),
  planned('storage', { ip: '10.32.0.1', prefix: 24, vlan: { id: 100, parent: 'BOOTIF' } }),
  planned('vlan200', { ip6: 'fd00:32::1', prefix6: 64, vlan: { id: 200, parent: 'bond0' }, search: ['v6.example.org'] }),
  planned('ib0', { ip: '10.34.0.1', prefix: 16, mtu: 65_520 }),
  planned('eth3', { dhcp: true }),
  planned('eth4'),
  planned('vlan300', { ip: '10.33.0.1', prefix: 24, vlan: { id: 300, parent: 'eth4' } }),
];

/** What the node of these tests calls the card it booted from. */
export const nic: BootNic = { device: 'enp1s0', mac: '52:54:00:00:00:01' };

/** The setup of an image of one style. */
export function setupOf(style: NetworkStyle, interfaces: readonly PlannedInterface[] = everyKind, card: BootNic = nic): NetworkSetup {
  return networkSetup({ osimage: 'compute', artefact: { network: style }, interfaces }, card);
}
