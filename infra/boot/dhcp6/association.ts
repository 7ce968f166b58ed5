import { type Ipv6, ipv6Bytes, ipv6Of } from '../../../domain/ipv6.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { all, decodeOptions, encodeOptions, option, type Option, type Options } from './options.ts';

/** What a client wants addresses for (RFC 8415 §4.2, §21.4): one of its interfaces, as a rule. */
export interface Association {
  readonly iaid: number;
  /** The addresses it names: those it would like, or those it has. */
  readonly addresses: readonly Ipv6[];
}

/** How long an address is good, in seconds (RFC 8415 §21.4, §21.6). */
export interface Lifetimes {
  readonly renew: number;
  readonly rebind: number;
  readonly preferred: number;
  readonly valid: number;
}

/** Lifetimes of an address that is no longer the client's (RFC 8415 §18.3.4). */
export const ended: Lifetimes = { renew: 0, rebind: 0, preferred: 0, valid: 0 };

/** The client's IA_NA options. Throws MalformedPacket. */
export function associationsIn(options: Options): Association[] {
  return all(options, option.iaNa).map((value) => {
    const data = Buffer.from(value);
    if (data.length < 12) throw new MalformedPacket('IA_NA is shorter than its header', data.length);
    const addresses = all(decodeOptions(data, 12), option.iaAddress).map((inner) => {
      if (inner.length < 24) throw new MalformedPacket('IA address is shorter than its header', inner.length);
      return ipv6Of(inner.subarray(0, 16));
    });
    return { iaid: data.readUInt32BE(0), addresses };
  });
}

/** An IA_NA with addresses of these lifetimes, or with a status. */
export function associationOption(iaid: number, lifetimes: Lifetimes, addresses: readonly Ipv6[], extra: Options = []): Option {
  const head = Buffer.alloc(12);
  head.writeUInt32BE(iaid, 0);
  head.writeUInt32BE(addresses.length === 0 ? 0 : lifetimes.renew, 4);
  head.writeUInt32BE(addresses.length === 0 ? 0 : lifetimes.rebind, 8);
  const inner = [...addresses.map((address) => addressOption(address, lifetimes)), ...extra];
  return { code: option.iaNa, value: Buffer.concat([head, encodeOptions(inner)]) };
}

/** Addresses without an association: an answer to IA_TA or IA_PD, which luna has nothing for. The head is the client's. */
export function refusedAssociation(code: number, value: Uint8Array, why: Option): Option {
  const headLength = code === option.iaPd ? 12 : 4;
  if (value.length < headLength) throw new MalformedPacket(`option ${code} is shorter than its header`, value.length);
  const head = Buffer.alloc(headLength);
  head.set(value.subarray(0, 4));
  return { code, value: Buffer.concat([head, encodeOptions([why])]) };
}

function addressOption(address: Ipv6, { preferred, valid }: Lifetimes): Option {
  const value = Buffer.alloc(24);
  value.set(ipv6Bytes(address));
  value.writeUInt32BE(preferred, 16);
  value.writeUInt32BE(valid, 20);
  return { code: option.iaAddress, value };
}
