import { moved } from './addresses.ts';
import type { GroupInterface } from './group.ts';
import type { Network } from './network.ts';
import { formatSubnet, type Subnet } from './subnet.ts';

/** Interfaces after a network has moved: routes through it and to it go where it is now. The same value when there are none. */
export function withMovedRoutes(interfaces: GroupInterface[], from: Subnet, to: Subnet): GroupInterface[] {
  const [there, here] = [formatSubnet(from), formatSubnet(to)];
  const next = interfaces.map((one) => ({
    ...one,
    routes: one.routes.map((route) => ({ ...route, to: route.to === there ? here : route.to, via: moved(route.via, from, to) ?? route.via })),
  }));
  const differs = next.some(({ routes }, i) => routes.some((route, k) => route.to !== interfaces[i]?.routes[k]?.to || route.via !== interfaces[i]?.routes[k]?.via));
  return differs ? next : interfaces;
}

/** The name servers of another network after a network has moved; the same value when none of them stood there. */
export function withMovedServers(dns: Network['dns'], from: Subnet, to: Subnet): Network['dns'] {
  const next = dns.map((ip) => moved(ip, from, to) ?? ip);
  return next.some((ip, i) => ip !== dns[i]) ? next : dns;
}
