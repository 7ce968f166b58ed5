import type { Cluster } from './cluster.ts';
import { LunaError } from './errors.ts';
import { broadcastOf, type Cidr, contains, formatCidr, formatIpv4, isHostOf, networkOf, overlaps, parseIpv4 } from './ip.ts';
import type { Network } from './network.ts';

/** Offsets from a network's base, both ends included. */
export interface OffsetRange { start: number; end: number }

/** The network as base and prefix. */
export function cidrOf(network: Pick<Network, 'network' | 'prefix'>): Cidr {
  return networkOf(parseIpv4(network.network), network.prefix);
}

/** The highest offset a host may have; the lowest is 1. */
export function lastOffset(network: Pick<Network, 'network' | 'prefix'>): number {
  return broadcastOf(cidrOf(network)) - cidrOf(network).base - 1;
}

/** An address as offset from its network's base. Throws LunaError `invalid` when no host of the network may have it. */
export function offsetOf(network: Pick<Network, 'name' | 'network' | 'prefix'>, ip: string): number {
  const cidr = cidrOf(network);
  if (!isHostOf(cidr, parseIpv4(ip))) {
    const why = contains(cidr, parseIpv4(ip)) ? "is the network's own or its broadcast address" : 'lies outside';
    throw new LunaError('invalid', `${ip} ${why}: network ${network.name} is ${formatCidr(cidr)}`, `luna network show ${network.name}`);
  }
  return parseIpv4(ip) - cidr.base;
}

/** Whether boot services answer in this network: as declared, or because the frontend address lies in it. */
export function isProvisioned(network: Pick<Network, 'network' | 'prefix' | 'provision'>, cluster: Cluster | null): boolean {
  if (network.provision !== null) return network.provision;
  const frontend = cluster?.frontend_address ?? null;
  return frontend !== null && contains(cidrOf(network), parseIpv4(frontend));
}

/** Where machines without a reservation get their addresses: as declared, else the upper quarter. Null when it is empty. */
export function dynamicRange(network: Pick<Network, 'network' | 'prefix' | 'dhcp_start' | 'dhcp_end'>): OffsetRange | null {
  const last = lastOffset(network);
  const start = network.dhcp_start ?? Math.floor((last + 2) * 0.75);
  const end = network.dhcp_end ?? last;
  return start <= end ? { start, end } : null;
}

/** The dynamic range that no declared address may lie in: that of a network luna hands addresses out in, or one declared. */
export function rangeKeptFree(network: Network, cluster: Cluster | null): OffsetRange | null {
  const declared = network.dhcp_start !== null || network.dhcp_end !== null;
  return declared || isProvisioned(network, cluster) ? dynamicRange(network) : null;
}

/** Addresses that are spoken for without being a member's: the controller's, the gateway's, the name server's. */
export function reservedOffsets(network: Network, cluster: Cluster | null): Map<number, 'frontend' | 'network'> {
  const cidr = cidrOf(network);
  const reserved = new Map<number, 'frontend' | 'network'>();
  const reserve = (ip: string | null, by: 'frontend' | 'network'): void => {
    if (ip !== null && isHostOf(cidr, parseIpv4(ip))) reserved.set(parseIpv4(ip) - cidr.base, by);
  };
  reserve(network.gateway, 'network');
  reserve(network.ns_ip, 'network');
  reserve(cluster?.frontend_address ?? null, 'frontend');
  return reserved;
}

/**
 * The `count` lowest offsets that nobody has and that are not in the range kept for unknown machines.
 * Throws LunaError `conflict` when there are not so many.
 */
export function lowestFree(network: Network, cluster: Cluster | null, taken: ReadonlySet<number>, count: number): number[] {
  const range = rangeKeptFree(network, cluster);
  const last = lastOffset(network);
  const free: number[] = [];
  for (let offset = 1; offset <= last && free.length < count; offset += 1) {
    if (range && offset === range.start) offset = range.end;
    else if (!taken.has(offset)) free.push(offset);
  }
  if (free.length < count) {
    throw new LunaError('conflict', `network ${network.name} (${formatCidr(cidrOf(network))}) has ${free.length} free addresses and ${count} are needed`,
      `luna network show ${network.name}`);
  }
  return free;
}

/** Throws LunaError `invalid` when the network shares addresses with another one. */
export function refuseOverlap(network: Pick<Network, '_id' | 'name' | 'network' | 'prefix'>, others: Iterable<Network>): void {
  for (const other of others) {
    if (other._id !== network._id && overlaps(cidrOf(other), cidrOf(network))) {
      throw new LunaError('invalid', `network ${network.name} ${formatCidr(cidrOf(network))} overlaps network ${other.name} ${formatCidr(cidrOf(other))}`,
        'luna network list');
    }
  }
}

/** The same host of a network whose base has moved; null stays null. */
export function moved(ip: string | null, from: Cidr, to: Cidr): string | null {
  if (ip === null || !contains(from, parseIpv4(ip))) return ip;
  return formatIpv4(parseIpv4(ip) - from.base + to.base);
}
