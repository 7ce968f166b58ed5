import { type Ipv6, ipv6Bytes } from '../../../domain/ipv6.ts';
import { MalformedPacket } from '../malformed-packet.ts';

/** DHCPv6 option numbers, each with the RFC that defines it. */
export const option = {
  clientId: 1, // RFC 8415 §21.2
  serverId: 2, // RFC 8415 §21.3
  iaNa: 3, // RFC 8415 §21.4
  iaTa: 4, // RFC 8415 §21.5
  iaAddress: 5, // RFC 8415 §21.6
  request: 6, // RFC 8415 §21.7
  preference: 7, // RFC 8415 §21.8
  relayMessage: 9, // RFC 8415 §21.10
  status: 13, // RFC 8415 §21.13
  rapidCommit: 14, // RFC 8415 §21.14
  userClass: 15, // RFC 8415 §21.15
  vendorClass: 16, // RFC 8415 §21.16
  interfaceId: 18, // RFC 8415 §21.18
  dns: 23, // RFC 3646 §3
  domainList: 24, // RFC 3646 §4
  iaPd: 25, // RFC 8415 §21.21
  refreshTime: 32, // RFC 8415 §21.23
  fqdn: 39, // RFC 4704 §4
  bootFileUrl: 59, // RFC 5970 §3.1
  clientArch: 61, // RFC 5970 §3.3
  linkLayer: 79, // RFC 6939 §4
  relayPort: 135, // RFC 8357 §4.2
} as const;

/** DHCPv6 message types (RFC 8415 §7.3). */
export const message = {
  solicit: 1,
  advertise: 2,
  request: 3,
  confirm: 4,
  renew: 5,
  rebind: 6,
  reply: 7,
  release: 8,
  decline: 9,
  informationRequest: 11,
  relayForward: 12,
  relayReply: 13,
} as const;

/** Status codes (RFC 8415 §21.13). */
export const status = { success: 0, noAddresses: 2, noBinding: 3, notOnLink: 4, noPrefix: 6 } as const;

/** One option; the same number may stand several times, an IA_NA for each of a client's associations. */
export interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** Options in the order in which they stand in a message. */
export type Options = readonly Option[];

/** The first option of that number, or null. */
export function first(options: Options, code: number): Uint8Array | null {
  return options.find((one) => one.code === code)?.value ?? null;
}

/** Every option of that number. */
export function all(options: Options, code: number): Uint8Array[] {
  return options.filter((one) => one.code === code).map(({ value }) => value);
}

/** Reads options from `start` to the end (RFC 8415 §21.1); the values share no memory with `data`. Throws MalformedPacket. */
export function decodeOptions(data: Buffer, start: number): Option[] {
  const options: Option[] = [];
  for (let at = start; at < data.length; ) {
    if (at + 4 > data.length) throw new MalformedPacket('option has no length', at);
    const code = data.readUInt16BE(at);
    const next = at + 4 + data.readUInt16BE(at + 2);
    if (next > data.length) throw new MalformedPacket(`option ${code} is cut short`, at);
    options.push({ code, value: Uint8Array.from(data.subarray(at + 4, next)) });
    at = next;
  }
  return options;
}

/** Writes options one after the other. Throws RangeError for a value of more than 65535 bytes. */
export function encodeOptions(options: Options): Uint8Array {
  return Buffer.concat(options.flatMap(({ code, value }) => {
    const head = Buffer.alloc(4);
    head.writeUInt16BE(code, 0);
    head.writeUInt16BE(value.length, 2);
    return [head, value];
  }));
}

/** The option's 16-bit numbers; none without the option. Throws MalformedPacket when a byte is left over. */
export function readShorts(options: Options, code: number): number[] {
  const value = Buffer.from(first(options, code) ?? []);
  if (value.length % 2 !== 0) throw new MalformedPacket(`option ${code} is not a list of 16-bit numbers`, value.length);
  return Array.from({ length: value.length / 2 }, (_, i) => value.readUInt16BE(2 * i));
}

/** A status, with words for whoever reads a packet trace. */
export function statusOption(code: number, words: string): Option {
  return { code: option.status, value: Buffer.concat([Uint8Array.of(code >> 8, code & 255), Buffer.from(words)]) };
}

/** Addresses one after the other. */
export function addressesOption(code: number, addresses: readonly Ipv6[]): Option {
  return { code, value: Buffer.concat(addresses.map(ipv6Bytes)) };
}
