import { type Ipv6, ipv6Bytes } from '../../../domain/ipv6.ts';
import { formatMac, type Mac } from '../../../domain/mac.ts';
import type { Subnet } from '../../../domain/subnet.ts';
import { encodeName } from '../../../domain/dns-name.ts';
import { MalformedPacket } from '../malformed-packet.ts';

/** ICMPv6 types (RFC 4861 §4.1, §4.2). */
export const icmpType = { routerSolicitation: 133, routerAdvertisement: 134 } as const;

/** Options of neighbour discovery: RFC 4861 §4.6, RFC 8106 §5. */
const option = { sourceLinkLayer: 1, prefix: 3, mtu: 5, dns: 25, search: 31 } as const;

/** What hosts on a link are told. */
export interface Advertised {
  /** The link's networks; hosts reach their addresses without a router, and make none of their own in them. */
  readonly prefixes: readonly Subnet[];
  /** Whether DHCPv6 has addresses (M) and the rest (O). */
  readonly managed: boolean;
  /** Whether this controller is the way out. */
  readonly router: boolean;
  readonly dns: readonly Ipv6[];
  readonly search: readonly string[];
  readonly mtu: number | null;
}

/** Nothing to be had: router lifetime 0 (no default route by us), no prefix (no address), M and O clear (no DHCPv6). */
export const nothing: Advertised = { prefixes: [], managed: false, router: false, dns: [], search: [], mtu: null };

/** How long hosts believe it, in seconds: advertisements come once a minute, so some may get lost. */
const lifetime = 1800;

/** A router advertisement (RFC 4861 §4.2). The kernel fills in the checksum. */
export function encodeAdvertisement(advertised: Advertised): Uint8Array {
  const { prefixes, managed, router, dns, search, mtu } = advertised;
  const head = Buffer.alloc(16);
  head.writeUInt8(icmpType.routerAdvertisement, 0);
  // Hop limit, reachable and retransmission time stay 0: unspecified.
  head.writeUInt8(managed ? 0xc0 : 0, 5);
  head.writeUInt16BE(router ? lifetime : 0, 6);
  return Buffer.concat([
    head,
    ...prefixes.map(prefixOption),
    ...(mtu === null ? [] : [padded(option.mtu, uint32(mtu))]),
    ...(dns.length === 0 ? [] : [padded(option.dns, uint32(lifetime), ...dns.map(ipv6Bytes))]),
    ...(search.length === 0 ? [] : [padded(option.search, uint32(lifetime), ...search.map(encodeName))]),
  ]);
}

/** The sender's MAC, when it tells, of a router solicitation (RFC 4861 §6.1.1). Throws MalformedPacket. */
export function readSolicitation(bytes: Uint8Array): Mac | null {
  const data = Buffer.from(bytes);
  let mac: Mac | null = null;
  if (data.length < 8) throw new MalformedPacket('router solicitation is cut short', data.length);
  if (data.readUInt8(0) !== icmpType.routerSolicitation) throw new MalformedPacket('no router solicitation', 0);
  if (data.readUInt8(1) !== 0) throw new MalformedPacket('router solicitation with a code', 1);
  for (let at = 8; at < data.length; ) {
    if (at + 2 > data.length) throw new MalformedPacket('option is cut short', at);
    const length = data.readUInt8(at + 1) * 8;
    if (length === 0) throw new MalformedPacket('option of length 0', at);
    if (at + length > data.length) throw new MalformedPacket('option is cut short', at);
    if (data.readUInt8(at) === option.sourceLinkLayer && length === 8) mac = formatMac(data.subarray(at + 2, at + 8));
    at += length;
  }
  return mac;
}

/** On-link set, autonomous clear (RFC 4861 §4.6.2): addresses come by DHCPv6 only. */
function prefixOption({ base, prefix }: Subnet): Uint8Array {
  const rest = Buffer.alloc(30);
  rest.writeUInt8(prefix, 0);
  rest.writeUInt8(0x80, 1);
  rest.writeUInt32BE(lifetime, 2);
  rest.writeUInt32BE(lifetime, 6);
  rest.set(ipv6Bytes(base), 14);
  return Buffer.concat([Uint8Array.of(option.prefix, 4), rest]);
}

/** An option with 16 reserved bits, padded to a multiple of eight bytes. */
function padded(type: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const body = Buffer.concat(parts);
  const units = Math.ceil((4 + body.length) / 8);
  const bytes = Buffer.alloc(units * 8);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt8(units, 1);
  bytes.set(body, 4);
  return bytes;
}

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
