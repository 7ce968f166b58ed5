import type { Ipv4 } from '../../../domain/ip.ts';
import type { Mac } from '../../../domain/mac.ts';

/** The bounds of a pool and what it must know of the world. Times are milliseconds. */
export interface PoolSettings {
  readonly first: Ipv4;
  readonly last: Ipv4;
  /** Whether a declared object claims the address. */
  isTaken(ip: Ipv4): boolean;
  now(): number;
  /** How long an offered address waits for its REQUEST. */
  readonly holdMs: number;
  /** How long an address that a client found in use stays out of play. */
  readonly quarantineMs: number;
}

/** One address with the MAC that has it and the time until which it is the MAC's for certain. */
export interface Binding {
  readonly mac: Mac;
  readonly ip: Ipv4;
  readonly until: number;
}

/**
 * The dynamic addresses of one network: at most one per MAC, whatever program on the machine asks, and never one for
 * two MACs, because an offer already takes it. Every operation takes constant time: addresses never given come from a
 * cursor; beyond that, Maps keep insertion order and every entry of a Map lives equally long, so the first is the oldest.
 */
export interface Pool {
  /** The MAC's address: leased, offered, or expired but not yet given to another. */
  bound(mac: Mac): Ipv4 | null;
  /** The MAC's address, or one it could have. Takes nothing; `hold` does. */
  candidate(mac: Mac): Ipv4 | null;
  /** Keeps an offered address for the MAC. A lease it already has stays as long as it was. */
  hold(mac: Mac, ip: Ipv4): void;
  /** Ends a hold that no REQUEST will follow; a lease stays. */
  withdraw(mac: Mac): void;
  /** Makes the address the MAC's until then. */
  commit(mac: Mac, ip: Ipv4, until: number): void;
  /** Takes the MAC's address back; false when it wasn't the MAC's. */
  release(mac: Mac, ip: Ipv4): boolean;
  /** Takes the MAC's address out of play for a while; false when it wasn't the MAC's. */
  decline(mac: Mac, ip: Ipv4): boolean;
  /** Whether the address is of this pool. */
  has(ip: Ipv4): boolean;
  /** How many addresses are held or leased, those that ran out and were given to nobody else among them, and of how many. */
  usage(): { readonly used: number; readonly size: number };
  /** Every lease, oldest first, for a pool with other bounds. */
  leases(): Binding[];
}

/** An empty pool, or one with `leases`, oldest first; those outside the bounds are left out. */
export function createPool(settings: PoolSettings, leases: readonly Binding[] = []): Pool {
  const { first, last, isTaken, now, holdMs, quarantineMs } = settings;
  const byMac = new Map<Mac, Ipv4>();
  const held = new Map<Ipv4, Binding>();
  const leased = new Map<Ipv4, Binding>();
  const quarantined = new Map<Ipv4, number>();
  const returned = new Set<Ipv4>();
  let cursor = first;
  let sweptAt = Number.NEGATIVE_INFINITY;

  const bindingOf = (ip: Ipv4): Binding | undefined => leased.get(ip) ?? held.get(ip);
  const has = (ip: Ipv4): boolean => ip >= first && ip <= last;
  const isFree = (ip: Ipv4): boolean => bindingOf(ip) === undefined && !quarantined.has(ip) && !isTaken(ip);

  function bound(mac: Mac): Ipv4 | null {
    const ip = byMac.get(mac);
    return ip === undefined || isTaken(ip) ? null : ip;
  }

  function forget(mac: Mac): void {
    const ip = byMac.get(mac);
    if (ip === undefined) return;
    byMac.delete(mac);
    held.delete(ip);
    leased.delete(ip);
  }

  function bind(into: Map<Ipv4, Binding>, binding: Binding): void {
    const previous = bindingOf(binding.ip);
    if (previous !== undefined) forget(previous.mac);
    forget(binding.mac);
    byMac.set(binding.mac, binding.ip);
    returned.delete(binding.ip);
    into.set(binding.ip, binding);
  }

  function neverGiven(): Ipv4 | null {
    while (cursor <= last && !isFree(cursor)) cursor += 1;
    return cursor <= last ? cursor : null;
  }

  /** The oldest entry that has run out. Entries that a claim has taken meanwhile are dropped on the way. */
  function expired(entries: Map<Ipv4, Binding>): Ipv4 | null {
    for (const [ip, binding] of entries) {
      if (binding.until > now()) return null;
      if (!isTaken(ip)) return ip;
      forget(binding.mac);
    }
    return null;
  }

  function recovered(): Ipv4 | null {
    for (const ip of returned) {
      if (isFree(ip)) return ip;
      returned.delete(ip);
    }
    for (const [ip, until] of quarantined) {
      if (until > now()) break;
      quarantined.delete(ip);
      if (isFree(ip)) return ip;
    }
    return null;
  }

  /** Claims that were withdrawn leave no trace here, so an exhausted pool looks through itself again, at most every ten seconds. */
  function swept(): Ipv4 | null {
    if (now() - sweptAt < 10_000) return null;
    sweptAt = now();
    cursor = first;
    return neverGiven();
  }

  for (const lease of leases) if (has(lease.ip)) bind(leased, lease);

  return {
    bound,
    has,
    candidate: (mac) => bound(mac) ?? neverGiven() ?? recovered() ?? expired(held) ?? expired(leased) ?? swept(),
    hold(mac, ip) {
      const lease = leased.get(ip);
      if (lease?.mac === mac && lease.until > now()) return;
      bind(held, { mac, ip, until: now() + holdMs });
    },
    withdraw(mac) {
      const ip = byMac.get(mac);
      if (ip === undefined || !held.has(ip)) return;
      forget(mac);
      returned.add(ip);
    },
    commit: (mac, ip, until) => bind(leased, { mac, ip, until }),
    release(mac, ip) {
      if (byMac.get(mac) !== ip) return false;
      forget(mac);
      returned.add(ip);
      return true;
    },
    decline(mac, ip) {
      if (byMac.get(mac) !== ip) return false;
      forget(mac);
      quarantined.set(ip, now() + quarantineMs);
      return true;
    },
    usage: () => ({ used: byMac.size, size: last - first + 1 }),
    leases: () => [...leased.values()],
  };
}
