import type { Cidr, Ipv4 } from './ip.ts';

/** A route to a network, by a router. */
export interface ClasslessRoute {
  readonly to: Cidr;
  readonly via: Ipv4;
}

/** Routes as DHCP option 121 has them (RFC 3442): as many octets of the destination as its prefix needs, then the router. */
export function encodeRoutes(routes: readonly ClasslessRoute[]): Uint8Array {
  return Uint8Array.from(routes.flatMap(({ to, via }) => [to.prefix, ...octets(to.base).slice(0, Math.ceil(to.prefix / 8)), ...octets(via)]));
}

function octets(address: Ipv4): number[] {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255];
}
