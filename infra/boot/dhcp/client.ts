import { formatMac, type Mac } from '../../../domain/mac.ts';
import { option, readFirstShort, readText } from './options.ts';
import type { DhcpPacket } from './packet.ts';

/** What kind of program asks: a PXE ROM, iPXE (also as a ROM), or anything else, such as an operating system. */
export type ClientClass = 'pxe' | 'ipxe' | 'other';

/** What a request tells about its sender. */
export interface Client {
  readonly mac: Mac;
  readonly class: ClientClass;
  /** Option 93, or null when it was not sent. */
  readonly arch: number | null;
}

/** Reads who asks. Null for hardware other than Ethernet. Throws MalformedPacket when an option it needs is malformed. */
export function identify(request: DhcpPacket): Client | null {
  if (request.htype !== 1 || request.hlen !== 6) return null;
  return {
    mac: formatMac(request.chaddr.subarray(0, 6)),
    class: classOf(request),
    arch: readFirstShort(request.options, option.clientArch),
  };
}

/**
 * iPXE names itself twice: by user class, and by sending its own option space. An iPXE built without a user class, or
 * chain-loaded by one that was told another, still sends 175. A user class may be bare text (iPXE, RFC 3004 broken)
 * or a list of length-prefixed ones (RFC 3004 §4), hence the search.
 */
function classOf(request: DhcpPacket): ClientClass {
  const userClass = readText(request.options, option.userClass) ?? '';
  if (userClass.includes('iPXE') || request.options.has(option.ipxe)) return 'ipxe';
  const vendorClass = readText(request.options, option.vendorClass) ?? '';
  return vendorClass.startsWith('PXEClient') ? 'pxe' : 'other';
}
