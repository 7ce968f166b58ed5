import { type Ipv4, parseIpv4 } from '../../../domain/ip.ts';
import { type Binding, createPool, type Pool } from './pool.ts';
import type { Served } from './served.ts';
import type { Lease } from './deps.ts';

/** The pools of all networks. */
export interface Pools {
  /** The network's pool, or null when it has no dynamic range. */
  of(networkId: string): Pool | null;
  /** Addresses leased or held, in all networks together. */
  used(): number;
  /** Makes pools for the networks now served; one whose range changed keeps the leases inside the new range. */
  reconcile(served: readonly Served[]): void;
}

/** Sixty seconds outlast the REQUEST of every ROM seen; ten minutes give a person the time to remove a squatter. */
const holdMs = 60_000;
const quarantineMs = 600_000;

/** Pools that start from what was leased before. */
export function createPools(isTaken: (networkId: string, ip: Ipv4) => boolean, now: () => number, leases: readonly Lease[]): Pools {
  const loaded = newestByNetwork(leases);
  const infrastructure = new Map<string, ReadonlySet<Ipv4>>();
  const pools = new Map<string, { pool: Pool; first: number; last: number }>();

  /** The controller, the router and the name servers often have addresses inside a range drawn too wide. */
  function taken(networkId: string): (ip: Ipv4) => boolean {
    return (ip) => infrastructure.get(networkId)?.has(ip) === true || isTaken(networkId, ip);
  }

  return {
    of: (networkId) => pools.get(networkId)?.pool ?? null,
    used: () => [...pools.values()].reduce((sum, { pool }) => sum + pool.usage().used, 0),
    reconcile(served) {
      const wanted = new Map(served.map((one) => [one.networkId, one.range]));
      for (const { networkId, server, gateway, dns } of served) {
        infrastructure.set(networkId, new Set([server, ...(gateway === null ? [] : [gateway]), ...dns]));
      }
      for (const [networkId, { pool, first, last }] of pools) {
        const range = wanted.get(networkId);
        if (range?.first === first && range.last === last) wanted.delete(networkId);
        else {
          loaded.set(networkId, pool.leases());
          pools.delete(networkId);
        }
      }
      for (const [networkId, range] of wanted) {
        if (range === null) continue;
        const settings = { ...range, now, holdMs, quarantineMs, isTaken: taken(networkId) };
        pools.set(networkId, { pool: createPool(settings, loaded.get(networkId)), ...range });
      }
    },
  };
}

/** Of each address and each MAC the newest lease, unless it was given back; oldest expiry first, as a pool wants them. */
function newestByNetwork(leases: readonly Lease[]): Map<string, Binding[]> {
  const byNetwork = new Map<string, Map<string, Lease>>();
  for (const lease of [...leases].sort((a, b) => compare(a.at, b.at))) {
    const known = byNetwork.get(lease.networkId) ?? new Map<string, Lease>();
    byNetwork.set(lease.networkId, known.set(lease.ip, lease));
  }
  return new Map(
    [...byNetwork].map(([networkId, known]) => {
      const kept = [...known.values()].filter((lease) => lease.expires > lease.at).sort((a, b) => compare(a.at, b.at));
      return [networkId, kept.map(({ mac, ip, expires }) => ({ mac, ip: parseIpv4(ip), until: Date.parse(expires) }))];
    }),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
