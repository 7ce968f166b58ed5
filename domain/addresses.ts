import { LunaError } from './errors.ts';
import type { Network } from './network.ts';
import { formatIp, formatSubnet, holds, overlap, parseIp, type Placed, sizeOf, type Subnet, subnetOf } from './subnet.ts';

/** An address relative to its network's base, as it is stored: a number in an IPv4 network, a decimal string in an IPv6 one. */
export type StoredOffset = number | string;

/** A member's address from its offset. */
export function addressAt(network: Placed, offset: StoredOffset | bigint): string {
  const { version, base } = subnetOf(network);
  return formatIp({ version, value: base + BigInt(offset) });
}

/** The highest offset a member may have; the lowest is 1. (Luna 1 keeps the last address of an IPv6 network free as well.) */
export function lastOffset(network: Placed): bigint {
  return sizeOf(subnetOf(network)) - 2n;
}

/** An address as offset from its network's base. Throws LunaError `invalid` when no member of the network may have it. */
export function offsetOf(network: Pick<Network, 'name' | 'network' | 'prefix'>, ip: string): bigint {
  const subnet = subnetOf(network);
  const offset = parseIp(ip).value - subnet.base;
  const inside = holds(subnet, parseIp(ip));
  if (!inside || offset < 1n || offset > lastOffset(network)) {
    const why = inside ? "is the network's own or its broadcast address" : 'lies outside';
    throw new LunaError('invalid', `${ip} ${why}: network ${network.name} is ${formatSubnet(subnet)}`, `luna network show ${network.name}`);
  }
  return offset;
}

/** The offset as it is stored in an object of that network. */
export function stored(network: Placed, offset: bigint): StoredOffset {
  return subnetOf(network).version === 4 ? Number(offset) : String(offset);
}

/** Throws LunaError `invalid` when the network shares addresses with another one. */
export function refuseOverlap(network: Pick<Network, '_id' | 'name' | 'network' | 'prefix'>, others: Iterable<Network>): void {
  const subnet = subnetOf(network);
  for (const other of others) {
    const theirs = subnetOf(other);
    if (other._id === network._id) continue;
    if (overlap(subnet, theirs)) {
      throw new LunaError('invalid', `network ${network.name} ${formatSubnet(subnet)} overlaps network ${other.name} ${formatSubnet(theirs)}`, 'luna network list');
    }
  }
}

/** The same host of a network whose base has moved; null stays null, what lay elsewhere stays there. */
export function moved(ip: string | null, from: Subnet, to: Subnet): string | null {
  if (ip === null || !holds(from, parseIp(ip))) return ip;
  return formatIp({ version: to.version, value: parseIp(ip).value - from.base + to.base });
}
