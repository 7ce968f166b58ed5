import { type Cidr, contains, type Ipv4, networkOf, parseIpv4 } from '../../../domain/ip.ts';
import type { ProvisioningInterface } from '../provisioning-interface.ts';

/** A provisioning interface with its addresses as numbers. */
export interface Served {
  readonly device: string;
  readonly networkId: string;
  readonly server: Ipv4;
  readonly serverText: string;
  readonly network: Cidr;
  readonly range: { readonly first: Ipv4; readonly last: Ipv4 } | null;
  readonly gateway: Ipv4 | null;
  readonly dns: readonly Ipv4[];
  readonly domain: string | null;
}

/** Throws InvalidAddress. */
export function serve(declared: ProvisioningInterface): Served {
  const { network } = declared;
  return {
    device: declared.name,
    networkId: network.id,
    server: parseIpv4(declared.address),
    serverText: declared.address,
    network: networkOf(parseIpv4(network.base), network.prefix),
    range: network.range ? { first: parseIpv4(network.range.first), last: parseIpv4(network.range.last) } : null,
    gateway: network.gateway ? parseIpv4(network.gateway) : null,
    dns: (network.dns ?? []).map(parseIpv4),
    domain: network.domain ?? null,
  };
}

/**
 * The network a request belongs to, among those served on the device it came by: behind a relay the one that holds the
 * relay's address (RFC 2131 §4.3.1), for a client with an address the one that holds it, else the device's first.
 */
export function networkFor(served: readonly Served[], giaddr: Ipv4, ciaddr: Ipv4): Served | null {
  const holding = (address: Ipv4): Served | undefined => served.find(({ network }) => contains(network, address));
  if (giaddr !== 0) return holding(giaddr) ?? null;
  return (ciaddr === 0 ? undefined : holding(ciaddr)) ?? served[0] ?? null;
}
