import { addressAt, lastOffset, moved, offsetOf, stored } from './addresses.ts';
import { changedOptions } from './boot-settings.ts';
import { LunaError } from './errors.ts';
import { given } from './given.ts';
import { lastUsable } from './ip-pool.ts';
import type { Network } from './network.ts';
import type { NetworkChanges, NewNetwork } from './requests/network.ts';
import { formatIp, parseIp, type Placed, subnetOf, versionOf } from './subnet.ts';

/** At most so many addresses are set aside in one network: each is a claim and an entry of its document. */
const SET_ASIDE = 4096;

/** The least that a link must carry for IPv6 (RFC 8200 §5). */
export const LEAST_MTU6 = 1280;

type Wanted = Pick<NetworkChanges, 'dhcp_start' | 'dhcp_end' | 'reserve' | 'release'>;

/** A new network as it is stored. Throws LunaError `invalid`. `blank` is a network without any of the fields asked for. */
export function newNetwork(blank: Network, { reserve, dhcp_start, dhcp_end, dhcp_options, ...wanted }: NewNetwork): Network {
  const placed = { ...blank, ...given(wanted), ...changedOptions(blank.dhcp_options, dhcp_options), network: baseOf(blank) };
  return checkedNetwork(withOffsets({ ...placed, ns_ip: wanted.ns_ip === undefined ? lastUsable(placed) : wanted.ns_ip }, given({ reserve, dhcp_start, dhcp_end })));
}

/**
 * A network after a change. A new base moves the gateway, the name servers and everything set aside; a name server at
 * the last address stays there when the prefix changes. Throws LunaError `invalid`.
 */
export function changedNetwork(before: Network, { rev: _rev, reserve, release, dhcp_start, dhcp_end, dhcp_options, ...changes }: NetworkChanges): Network {
  const placed = { ...before, ...given(changes), ...changedOptions(before.dhcp_options, dhcp_options) };
  const network = { ...placed, network: baseOf(placed) };
  if (versionOf(network) !== versionOf(before)) {
    throw new LunaError('invalid', `network ${before.name} is IPv${versionOf(before)}; an IPv${versionOf(network)} network is one of its own`, 'luna network add --help');
  }
  const [from, to] = [subnetOf(before), subnetOf(network)];
  const follow = (ip: string | null): string | null => ip === lastUsable(before) ? lastUsable(network) : moved(ip, from, to);
  const shifted = { gateway: moved(before.gateway, from, to), ns_ip: follow(before.ns_ip), dns: before.dns.map((ip) => moved(ip, from, to) ?? ip) };
  return checkedNetwork(withOffsets({ ...network, ...shifted, ...given({ gateway: changes.gateway, ns_ip: changes.ns_ip, dns: changes.dns }) },
    given({ reserve, release, dhcp_start, dhcp_end })));
}

/** Any address of a network names it. */
function baseOf(network: Placed): string {
  const { version, base } = subnetOf(network);
  return formatIp({ version, value: base });
}

/** What is stored relative to the base, so that it moves with the network. */
function withOffsets(network: Network, { dhcp_start, dhcp_end, reserve = [], release = [] }: Wanted): Network {
  if (versionOf(network) === 6 && (dhcp_start ?? dhcp_end) != null) {
    throw new LunaError('invalid', `network ${network.name} is IPv6: machines without a reservation get IPv4 addresses only`, `luna network show ${network.name}`);
  }
  const offset = (ip: string | null | undefined, before: number | null): number | null => {
    if (ip === undefined) return before;
    return ip === null ? null : Number(offsetOf(network, ip));
  };
  const reserved = new Map(network.reserved.map((one) => [String(one.offset), one]));
  for (const range of release) for (const one of offsetsOf(network, range)) refuseFree(network, reserved.delete(String(one)), one);
  for (const { ip, name = null } of reserve) {
    for (const one of offsetsOf(network, ip)) reserved.set(String(one), { offset: stored(network, one), name: name ?? null });
  }
  return {
    ...network,
    dhcp_start: offset(dhcp_start, network.dhcp_start),
    dhcp_end: offset(dhcp_end, network.dhcp_end),
    reserved: [...reserved.values()].sort((a, b) => BigInt(a.offset) < BigInt(b.offset) ? -1 : 1),
  };
}

/** `10.30.0.7` or `10.30.0.7-10.30.0.9` as offsets. */
function offsetsOf(network: Network, range: string): bigint[] {
  const [first = '', last = first, ...more] = range.split('-').map((ip) => ip.trim());
  const [start, end] = [offsetOf(network, first), offsetOf(network, last)];
  if (more.length > 0 || end < start) throw new LunaError('invalid', `'${range}' is no address and no range of addresses (expected one such as 10.30.0.7-10.30.0.9)`);
  if (end - start >= BigInt(SET_ASIDE)) throw new LunaError('invalid', `${range} has more than ${SET_ASIDE} addresses: a network of its own is the way to set them aside`);
  return Array.from({ length: Number(end - start) + 1 }, (_, i) => start + BigInt(i));
}

function refuseFree(network: Network, wasReserved: boolean, offset: bigint): void {
  if (!wasReserved) throw new LunaError('invalid', `${addressAt(network, offset)} is not set aside in network ${network.name}`, `luna network show ${network.name}`);
}

/** Throws LunaError `invalid` for a prefix of the other family, a range that is half declared, reversed or outside, and for special addresses outside. */
export function checkedNetwork(network: Network): Network {
  const { dhcp_start: start, dhcp_end: end, name, prefix, gateway, ns_ip } = network;
  const most = versionOf(network) === 4 ? 30 : 126;
  if (prefix > most) throw new LunaError('invalid', `network ${name}: the prefix of an IPv${versionOf(network)} network is 1–${most}, not ${prefix}`);
  if (versionOf(network) === 6 && network.mtu !== null && network.mtu < LEAST_MTU6) throw new LunaError('invalid', `network ${name}: IPv6 needs an MTU of ${LEAST_MTU6} at least (RFC 8200 §5), not ${network.mtu}`);
  if ((start === null) !== (end === null)) throw new LunaError('invalid', `network ${name}: dhcp_start and dhcp_end go together`);
  if (start !== null && end !== null && (start > end || BigInt(end) > lastOffset(network))) {
    throw new LunaError('invalid', `network ${name}: the dynamic range ends before it starts or leaves the network`, `luna network show ${name}`);
  }
  if (network.reserved.length > SET_ASIDE) throw new LunaError('invalid', `network ${name}: more than ${SET_ASIDE} addresses can't be set aside`);
  if (ns_ip !== null) offsetOf(network, ns_ip);
  if (gateway !== null && !isLinkLocal(gateway)) offsetOf(network, gateway);
  return network;
}

/** Routers announce themselves by link-local addresses (RFC 4861 §4.2), which lie in no declared network. */
function isLinkLocal(ip: string): boolean {
  const { version, value } = parseIp(ip);
  return version === 6 && value >> 118n === 0x3fan;
}
