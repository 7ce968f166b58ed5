import { contains, type Ipv4 } from '../../../domain/ip.ts';
import { createBootChoice } from './boot-choice.ts';
import type { BootPaths } from './boot-paths.ts';
import type { Client } from './client.ts';
import type { DhcpDeps, Lookup } from './deps.ts';
import type { Facts } from './facts.ts';
import type { RelayInformation } from './relay.ts';
import type { Pools } from './pools.ts';
import { createNumbers } from './numbers.ts';
import type { Served } from './served.ts';

/** One machine's message: who sent it, where, and what is known of it. */
export interface Sent {
  readonly client: Client;
  /** Whether it is a DISCOVER, with which a boot begins. */
  readonly discover: boolean;
  readonly served: Served;
  /** All networks heard by the device it came by. */
  readonly heard: readonly Served[];
  readonly relay: RelayInformation;
  readonly lookup: Lookup;
}

/** A pool this full gives short leases, so that machines that came and went leave room sooner. */
const crowded = 0.75;
const crowdedLeaseSeconds = 300;

/** Gathers all that decides a reply from the site, the pools and the message. */
export function createGather(deps: DhcpDeps & { readonly paths: BootPaths }, pools: Pools): (sent: Sent) => Facts {
  const leaseSeconds = deps.leaseSeconds ?? 3600;
  const chooseBoot = createBootChoice(deps);

  function isOurs(served: Served, heard: readonly Served[], ip: Ipv4): boolean {
    if (pools.of(served.networkId)?.has(ip)) return true;
    return !contains(served.network, ip) && heard.some(({ network }) => contains(network, ip));
  }

  function lengthOf(served: Served, reserved: boolean): number {
    const usage = reserved ? undefined : pools.of(served.networkId)?.usage();
    return usage !== undefined && usage.used > usage.size * crowded ? Math.min(leaseSeconds, crowdedLeaseSeconds) : leaseSeconds;
  }

  const numbersOf = createNumbers();

  return ({ client, discover, served, heard, relay, lookup }) => {
    const boot = chooseBoot(client, discover, served, lookup);
    const pool = pools.of(served.networkId);
    const reserved = lookup.kind === 'reserved' ? numbersOf(lookup) : null;
    const bound = pool?.bound(client.mac) ?? null;
    const identity = relay.serverOverride ?? served.server;
    return {
      client,
      server: served.server,
      identity,
      isUs: (server) => server === identity || heard.some((one) => one.server === server),
      network: served.network,
      reserved,
      bound,
      candidate: reserved === null && client.class !== 'other' ? (pool?.candidate(client.mac) ?? null) : bound,
      isOurs: (ip) => isOurs(served, heard, ip),
      gateway: reserved?.gateway ?? served.gateway,
      dns: reserved?.dns ?? served.dns,
      domain: reserved === null || reserved.domain === undefined ? served.domain : reserved.domain,
      search: reserved?.search ?? served.search,
      mtu: reserved?.mtu ?? served.mtu,
      routes: reserved === null || reserved.routes.length === 0 ? served.routes : [...reserved.routes, ...served.routes],
      leaseSeconds: lengthOf(served, reserved !== null),
      bootFile: boot.file,
      siteOptions: boot.options,
      bootWhy: boot.why,
      bootPath: boot.path,
    };
  };
}
