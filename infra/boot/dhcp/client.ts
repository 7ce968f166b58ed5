import type { Mac } from '../../../domain/mac.ts';
import type { DhcpPacket } from './format.ts';
import { cardOf } from './hardware.ts';
import { option, readFirstShort, readText } from './options.ts';

/** What kind of program asks: a PXE ROM, firmware that boots by HTTP, iPXE (also as a ROM), or anything else, such as an operating system. */
export type ClientClass = 'pxe' | 'http' | 'ipxe' | 'other';

/** What a request tells about its sender. */
export interface Client {
  readonly mac: Mac;
  readonly class: ClientClass;
  /** Option 93, or null when it was not sent. */
  readonly arch: number | null;
}

/** Reads who asks. Null for hardware that is neither Ethernet nor InfiniBand, or that doesn't say who it is. Throws MalformedPacket when an option it needs is malformed. */
export function identify(request: DhcpPacket): Client | null {
  const mac = cardOf(request);
  if (mac === null) return null;
  return {
    mac,
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
  if (request.options.has(option.ipxe) || readText(request.options, option.userClass)?.includes('iPXE') === true) return 'ipxe';
  const vendorClass = request.options.get(option.vendorClass);
  if (vendorClass === undefined) return 'other';
  // UEFI 2.10 §24.7.3.1
  if (begins(vendorClass, 'HTTPClient')) return 'http';
  return begins(vendorClass, 'PXEClient') ? 'pxe' : 'other';
}

function begins(value: Uint8Array, word: string): boolean {
  if (value.length < word.length) return false;
  for (let at = 0; at < word.length; at += 1) if (value[at] !== word.charCodeAt(at)) return false;
  return true;
}
