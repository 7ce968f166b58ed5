import type { ClasslessRoute } from '../../../domain/classless-routes.ts';
import { type Ipv4, parseIpv4 } from '../../../domain/ip.ts';
import type { Reservation } from './deps.ts';
import type { Reserved } from './facts.ts';
import { routesOf } from './served.ts';

/** A reservation with its addresses as numbers; what it doesn't say is null or undefined. */
export interface Numbers extends Reserved {
  readonly gateway: Ipv4 | null;
  readonly dns: readonly Ipv4[] | null;
  readonly domain: string | null | undefined;
  readonly search: readonly string[] | undefined;
  readonly mtu: number | null;
  readonly routes: readonly ClasslessRoute[];
}

/** Reads reservations, each of them once: the same few thousand are asked for again and again. Throws InvalidAddress. */
export function createNumbers(): (reservation: Reservation) => Numbers {
  const known = new WeakMap<Reservation, Numbers>();

  return (reservation) => {
    const before = known.get(reservation);
    if (before !== undefined) return before;
    const { ip, hostname, gateway, dns = [], domain, search, mtu, routes } = reservation;
    const numbers: Numbers = {
      ip: parseIpv4(ip), hostname, search, mtu: mtu ?? null,
      gateway: gateway ? parseIpv4(gateway) : null,
      dns: dns.length > 0 ? dns.map(parseIpv4) : null,
      domain: domain === '' ? undefined : domain,
      routes: routesOf(routes ?? []),
    };
    known.set(reservation, numbers);
    return numbers;
  };
}
