import { addressAt, lastOffset } from './addresses.ts';
import type { Cluster } from './cluster.ts';
import { LunaError } from './errors.ts';
import { type Cidr, networkOf, parseIpv4 } from './ip.ts';
import type { Network } from './network.ts';
import { formatSubnet, holds, parseIp, type Placed, subnetOf, versionOf } from './subnet.ts';

/** Offsets from the base of an IPv4 network, both ends included. */
export interface OffsetRange { start: number; end: number }

/** Why an address is spoken for without being a member's. */
export type Reservation = 'frontend' | 'gateway' | 'name server' | 'reserved';

/** An IPv4 network as base and prefix. Throws InvalidAddress for an IPv6 network. */
export function cidrOf(network: Placed): Cidr {
  return networkOf(parseIpv4(network.network), network.prefix);
}

/** Whether boot services answer in this network: as declared, or because the frontend address lies in it. */
export function isProvisioned(network: Pick<Network, 'network' | 'prefix' | 'provision'>, cluster: Cluster | null): boolean {
  if (network.provision !== null) return network.provision;
  const frontend = cluster?.frontend_address ?? null;
  return frontend !== null && holds(subnetOf(network), parseIp(frontend));
}

/** Where machines without a reservation get their IPv4 addresses: as declared, else the upper quarter. Null when it is empty. */
export function dynamicRange(network: Pick<Network, 'network' | 'prefix' | 'dhcp_start' | 'dhcp_end'>): OffsetRange | null {
  if (versionOf(network) === 6) return null;
  const last = Number(lastOffset(network));
  const start = network.dhcp_start ?? Math.floor((last + 2) * 0.75);
  const end = network.dhcp_end ?? last;
  return start <= end ? { start, end } : null;
}

/** The dynamic range that no declared address may lie in: that of a network luna hands addresses out in, or one declared. */
export function rangeKeptFree(network: Network, cluster: Cluster | null): OffsetRange | null {
  const declared = network.dhcp_start !== null || network.dhcp_end !== null;
  return declared || isProvisioned(network, cluster) ? dynamicRange(network) : null;
}

/** Whether an offset lies in a range. */
export function within(range: OffsetRange | null, offset: bigint): boolean {
  return range !== null && offset >= BigInt(range.start) && offset <= BigInt(range.end);
}

/** Addresses that are spoken for without being a member's: those set aside, the gateway's, the name server's, the controller's. */
export function reservedOffsets(network: Network, cluster: Cluster | null): Map<bigint, Reservation> {
  const subnet = subnetOf(network);
  const reserved = new Map<bigint, Reservation>(network.reserved.map(({ offset }) => [BigInt(offset), 'reserved']));
  const reserve = (ip: string | null, why: Reservation): void => {
    const address = ip === null ? null : parseIp(ip);
    const offset = address && holds(subnet, address) ? address.value - subnet.base : 0n;
    if (offset >= 1n && offset <= lastOffset(network)) reserved.set(offset, why);
  };
  reserve(network.ns_ip, 'name server');
  reserve(network.gateway, 'gateway');
  reserve(cluster?.frontend_address ?? null, 'frontend');
  return reserved;
}

/** The last address a member may have: where Luna 1 puts the name server of a zone. */
export function lastUsable(network: Placed): string {
  return addressAt(network, lastOffset(network));
}

/** Where the controllers' own addresses lie in a network. They may be declared as another device's, so they are nobody's claim. */
function controllersIn(network: Network, cluster: Cluster | null): Set<bigint> {
  const subnet = subnetOf(network);
  return new Set((cluster?.cluster_ips ?? []).map(parseIp).filter((ip) => holds(subnet, ip)).map(({ value }) => value - subnet.base));
}

/**
 * The `count` lowest offsets that nobody has, that no controller has and that are not in the range kept for unknown machines.
 * Throws LunaError `conflict` when there are not so many.
 */
export function lowestFree(network: Network, cluster: Cluster | null, taken: ReadonlySet<bigint>, count: number): bigint[] {
  const range = rangeKeptFree(network, cluster);
  const last = lastOffset(network);
  const controllers = controllersIn(network, cluster);
  const free: bigint[] = [];
  for (let offset = 1n; offset <= last && free.length < count; offset += 1n) {
    if (range && offset === BigInt(range.start)) offset = BigInt(range.end);
    else if (!taken.has(offset) && !controllers.has(offset)) free.push(offset);
  }
  if (free.length < count) {
    throw new LunaError('conflict', `network ${network.name} (${formatSubnet(subnetOf(network))}) has ${free.length} free addresses and ${count} are needed`,
      `luna network show ${network.name}`);
  }
  return free;
}
