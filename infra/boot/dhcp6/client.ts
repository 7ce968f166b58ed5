import type { Ipv6 } from '../../../domain/ipv6.ts';
import { formatMac, type Mac } from '../../../domain/mac.ts';
import { macOfLinkLocal } from '../eui64.ts';
import { all, first, option, type Options, readShorts } from './options.ts';
import type { Packet } from './packet.ts';

/** What kind of program asks: firmware that loads by TFTP, firmware that loads by HTTP, iPXE, or anything else. */
export type Client6Class = 'pxe' | 'http' | 'ipxe' | 'other';

/** What a message tells about its sender. */
export interface Client6 {
  /**
   * MACs that may be the sender's, the surest first: the relay's word for it (RFC 6939), the one in its link-local address
   * (RFC 4291 appendix A; firmware and iPXE have no other), the one in its DUID, which may be another card's of the machine.
   */
  readonly macs: readonly Mac[];
  /** The client's identifier, or null in an Information-request without one. */
  readonly duid: Uint8Array | null;
  readonly class: Client6Class;
  /** Option 61's first (RFC 5970 §3.3), or null when it was not sent. */
  readonly arch: number | null;
  /** The vendor class as it was sent, for firmware that wants it back. */
  readonly vendorClass: Uint8Array | null;
}

/** Reads who asks; `from` is the address the datagram came from. Throws MalformedPacket when an option it needs is malformed. */
export function identify({ relays, message: asked }: Packet, from: Ipv6): Client6 {
  const nearest = relays.at(-1);
  const duid = first(asked.options, option.clientId);
  const told = nearest === undefined ? null : macOfRelay(nearest.options);
  const macs = [told, macOfLinkLocal(nearest?.peer ?? from), duid === null ? null : macOfDuid(duid)];
  return {
    macs: [...new Set(macs.filter((mac) => mac !== null))],
    duid,
    class: classOf(asked.options),
    arch: readShorts(asked.options, option.clientArch)[0] ?? null,
    vendorClass: first(asked.options, option.vendorClass),
  };
}

/** RFC 6939 §4: hardware type 1 is Ethernet. */
function macOfRelay(options: Options): Mac | null {
  const value = first(options, option.linkLayer);
  return value?.length === 8 && value[0] === 0 && value[1] === 1 ? formatMac(value.subarray(2)) : null;
}

/** The MAC in a DUID-LLT or DUID-LL of Ethernet (RFC 8415 §11.2, §11.4), or null. */
function macOfDuid(duid: Uint8Array): Mac | null {
  const [, type, , hardware] = duid;
  if (duid[0] !== 0 || duid[2] !== 0 || hardware !== 1) return null;
  if (type === 1 && duid.length === 14) return formatMac(duid.subarray(8));
  return type === 3 && duid.length === 10 ? formatMac(duid.subarray(4)) : null;
}

/** iPXE names itself by its user class; firmware by the words of its vendor class (UEFI 2.10 §24.3.3, §24.7.3). */
function classOf(options: Options): Client6Class {
  const text = (code: number): string => all(options, code).map((value) => Buffer.from(value).toString('latin1')).join(' ');
  if (text(option.userClass).includes('iPXE')) return 'ipxe';
  const vendor = text(option.vendorClass);
  if (vendor.includes('HTTPClient')) return 'http';
  return vendor.includes('PXEClient') || first(options, option.clientArch) !== null ? 'pxe' : 'other';
}
