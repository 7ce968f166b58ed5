import { MalformedPacket } from '../malformed-packet.ts';

/** ICMPv6 types (RFC 4861 §4.1, §4.2). */
export const icmpType = { routerSolicitation: 133, routerAdvertisement: 134 } as const;

/**
 * An advertisement that offers nothing: router lifetime 0 (no default route by us), no prefix (no address), M and O
 * clear (no DHCPv6). RFC 4861 §4.2. The kernel fills in the checksum.
 */
export function encodeAdvertisement(): Uint8Array {
  // type, code, checksum (2), hop limit 0 = unspecified, flags, lifetime (2), reachable (4) and retransmission (4) unspecified
  return Uint8Array.of(icmpType.routerAdvertisement, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

/** Checks that an ICMPv6 message is a router solicitation (RFC 4861 §6.1.1). Throws MalformedPacket. */
export function checkSolicitation(bytes: Uint8Array): void {
  const data = Buffer.from(bytes);
  if (data.length < 8) throw new MalformedPacket('router solicitation is cut short', data.length);
  if (data.readUInt8(0) !== icmpType.routerSolicitation) throw new MalformedPacket('no router solicitation', 0);
  if (data.readUInt8(1) !== 0) throw new MalformedPacket('router solicitation with a code', 1);
  for (let at = 8; at < data.length; ) {
    if (at + 2 > data.length) throw new MalformedPacket('option is cut short', at);
    const length = data.readUInt8(at + 1) * 8;
    if (length === 0) throw new MalformedPacket('option of length 0', at);
    if (at + length > data.length) throw new MalformedPacket('option is cut short', at);
    at += length;
  }
}
