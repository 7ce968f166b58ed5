import type { ClasslessRoute } from '../../../domain/classless-routes.ts';
import { type Cidr, contains, type Ipv4, networkOf, parseCidr, parseIpv4 } from '../../../domain/ip.ts';
import type { ProvisioningInterface, ProvisioningNetwork } from '../provisioning-interface.ts';
import type { BootWishes } from './boot-file.ts';

/** A provisioning network with its addresses as numbers, and the device by which its machines are heard. */
export interface Served {
  readonly device: string;
  /** Whether its machines are not on the device's own wire but behind a relay. */
  readonly relayed: boolean;
  readonly networkId: string;
  /** Our address on the device. */
  readonly server: Ipv4;
  readonly serverText: string;
  readonly network: Cidr;
  readonly range: { readonly first: Ipv4; readonly last: Ipv4 } | null;
  readonly gateway: Ipv4 | null;
  readonly dns: readonly Ipv4[];
  readonly domain: string | null;
  readonly search: readonly string[];
  readonly mtu: number | null;
  readonly routes: readonly ClasslessRoute[];
  /** What machines boot whose reservation doesn't say. */
  readonly boot: BootWishes | null;
  /** Whether another DHCP server gives the addresses, and luna only says what to boot. */
  readonly proxy: boolean;
  /** Whether machines without a reservation are answered nothing. */
  readonly ignoreUnknown: boolean;
}

/** Throws InvalidAddress. */
export function serve(declared: ProvisioningInterface): Served {
  return served(declared, declared.network, false);
}

/**
 * All that is heard by each device: the networks it stands in, and behind them those that are reached only through a
 * relay, which may send to any of our addresses. Throws InvalidAddress.
 */
export function servedByDevice(interfaces: readonly ProvisioningInterface[], relayed: readonly ProvisioningNetwork[]): Map<string, Served[]> {
  const byDevice = new Map<string, Served[]>();
  for (const declared of interfaces) byDevice.set(declared.name, [...byDevice.get(declared.name) ?? [], serve(declared)]);
  for (const [device, [first]] of byDevice) {
    if (first === undefined) continue;
    const at = { name: device, address: first.serverText };
    byDevice.get(device)?.push(...relayed.map((network) => served(at, network, true)));
  }
  return byDevice;
}

function served(at: { name: string; address: string }, network: ProvisioningNetwork, relayed: boolean): Served {
  return {
    device: at.name,
    relayed,
    networkId: network.id,
    server: parseIpv4(at.address),
    serverText: at.address,
    network: networkOf(parseIpv4(network.base), network.prefix),
    range: network.range ? { first: parseIpv4(network.range.first), last: parseIpv4(network.range.last) } : null,
    gateway: network.gateway ? parseIpv4(network.gateway) : null,
    dns: (network.dns ?? []).map(parseIpv4),
    domain: network.domain ?? null,
    search: network.search ?? [],
    mtu: network.mtu ?? null,
    routes: routesOf(network.routes ?? []),
    boot: network.boot ?? null,
    proxy: network.dhcp === 'proxy',
    ignoreUnknown: network.ignoreUnknown ?? false,
  };
}

/** Static routes as numbers; those of IPv6 are not DHCP's. Throws InvalidAddress. */
export function routesOf(routes: readonly { readonly to: string; readonly via: string }[]): ClasslessRoute[] {
  return routes.filter(({ via }) => !via.includes(':'))
    .map(({ to, via }) => ({ to: parseCidr(to === 'default' ? '0.0.0.0/0' : to), via: parseIpv4(via) }));
}

/** What says on which network the sender of a request is. Addresses are 0 when there is none. */
export interface Whereabouts {
  /** The link that a relay or the client itself names (RFC 3527, RFC 3011); null when none does. */
  readonly link: Ipv4 | null;
  readonly giaddr: Ipv4;
  readonly ciaddr: Ipv4;
  /** The address it asks for. */
  readonly requested: Ipv4;
  /** Whether the machine has an address on a network: as declared, or leased. */
  isAtHome(networkId: string): boolean;
}

/**
 * The network a request belongs to, among those heard by the device it came by: the one whose link is named, behind a relay
 * the one that holds the relay's address (RFC 2131 §4.3.1), for a client with an address the one that holds it. On a device
 * with several networks the one the machine has an address on, else the one it asks for, else the first with a range.
 */
export function networkFor(heard: readonly Served[], where: Whereabouts): Served | null {
  const holding = (address: Ipv4): Served | undefined => address === 0 ? undefined : heard.find(({ network }) => contains(network, address));
  if (where.link !== null) return holding(where.link) ?? null;
  if (where.giaddr !== 0) return holding(where.giaddr) ?? null;
  const local = heard.filter(({ relayed }) => !relayed);
  if (where.ciaddr !== 0) return holding(where.ciaddr) ?? local[0] ?? null;
  if (local.length < 2) return local[0] ?? null;
  const asked = holding(where.requested);
  return local.find(({ networkId }) => where.isAtHome(networkId))
    ?? (asked?.relayed === false ? asked : undefined)
    ?? local.find(({ range }) => range !== null)
    ?? local[0] ?? null;
}
