import { type Ipv6, ipv6Bytes } from '../../domain/ipv6.ts';
import { formatMac, type Mac } from '../../domain/mac.ts';

/** The MAC behind a link-local address made of it (RFC 4291 appendix A: `ff:fe` in the middle, the universal bit flipped), or null. */
export function macOfLinkLocal(address: Ipv6): Mac | null {
  const bytes = ipv6Bytes(address);
  if (bytes[0] !== 0xfe || bytes[1] !== 0x80 || bytes[11] !== 0xff || bytes[12] !== 0xfe) return null;
  return formatMac(Uint8Array.of((bytes[8] ?? 0) ^ 2, bytes[9] ?? 0, bytes[10] ?? 0, bytes[13] ?? 0, bytes[14] ?? 0, bytes[15] ?? 0));
}
