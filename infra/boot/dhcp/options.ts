import { formatIpv4, type Ipv4 } from '../../../domain/ip.ts';
import { MalformedPacket } from '../malformed-packet.ts';

/** DHCP option numbers, each with the RFC that defines it. */
export const option = {
  pad: 0, // RFC 2132 §3.1
  subnetMask: 1, // RFC 2132 §3.3
  router: 3, // RFC 2132 §3.5
  dns: 6, // RFC 2132 §3.8
  hostname: 12, // RFC 2132 §3.14
  domain: 15, // RFC 2132 §3.17
  mtu: 26, // RFC 2132 §5.1
  broadcast: 28, // RFC 2132 §5.3
  vendorSpecific: 43, // RFC 2132 §8.4; PXE's own sub-options: RFC 4578 §1, PXE 2.1 §2.2
  requestedAddress: 50, // RFC 2132 §9.1
  leaseTime: 51, // RFC 2132 §9.2
  overload: 52, // RFC 2132 §9.3
  messageType: 53, // RFC 2132 §9.6
  serverId: 54, // RFC 2132 §9.7
  parameterList: 55, // RFC 2132 §9.8
  message: 56, // RFC 2132 §9.9
  maximumSize: 57, // RFC 2132 §9.10
  renewalTime: 58, // RFC 2132 §9.11
  rebindingTime: 59, // RFC 2132 §9.12
  vendorClass: 60, // RFC 2132 §9.13
  clientId: 61, // RFC 2132 §9.14, echoed as RFC 6842 asks
  tftpServer: 66, // RFC 2132 §9.4
  bootFile: 67, // RFC 2132 §9.5
  userClass: 77, // RFC 3004
  relayAgent: 82, // RFC 3046
  clientArch: 93, // RFC 4578 §2.1
  clientInterface: 94, // RFC 4578 §2.2
  clientUuid: 97, // RFC 4578 §2.3
  subnetSelection: 118, // RFC 3011
  domainSearch: 119, // RFC 3397
  classlessRoutes: 121, // RFC 3442
  ipxe: 175, // iPXE's encapsulated settings (ipxe.org/howto/dhcpd)
  classlessRoutesMs: 249, // the same before it had a number of its own; Windows asks for this one
  end: 255, // RFC 2132 §3.2
} as const;

/** DHCP message types, the value of option 53 (RFC 2132 §9.6). */
export const message = {
  discover: 1,
  offer: 2,
  request: 3,
  decline: 4,
  ack: 5,
  nak: 6,
  release: 7,
  inform: 8,
} as const;

/** Sub-options of 82 that tell the server something (RFC 3046 and those named). */
export const relaySuboption = {
  circuitId: 1,
  remoteId: 2,
  linkSelection: 5, // RFC 3527
  serverOverride: 11, // RFC 5107
} as const;

/** Sub-options of 43 (PXE 2.1 §2.2) and of 175 (iPXE). */
export const suboption = {
  pxeDiscoveryControl: 6,
  ipxeNoProxyDhcp: 176,
} as const;

/** Options by number; values are raw bytes. */
export type Options = Map<number, Uint8Array>;

/** The option's single byte, or null without the option. Throws MalformedPacket when it has another length. */
export function readByte(options: Options, code: number): number | null {
  return readNumber(options, code, 1);
}

/** The option's 16-bit number, or null without it. Option 93 may list several: the first counts (RFC 4578 §2.1). */
export function readFirstShort(options: Options, code: number): number | null {
  const value = options.get(code);
  if (value === undefined) return null;
  if (value.length < 2 || value.length % 2 !== 0) throw wrongLength(code, value);
  return (value[0] ?? 0) * 256 + (value[1] ?? 0);
}

/** The option's address, or null without it. Throws MalformedPacket when it has another length than four. */
export function readAddress(options: Options, code: number): Ipv4 | null {
  return readNumber(options, code, 4);
}

/** The option's 16-bit number, or null without it. Throws MalformedPacket when it has another length. */
export function readShort(options: Options, code: number): number | null {
  return readNumber(options, code, 2);
}

/** The option as text, cut at the first NUL (some clients count it in), or null without it. */
export function readText(options: Options, code: number): string | null {
  const value = options.get(code);
  if (value === undefined) return null;
  const nul = value.indexOf(0);
  return Buffer.from(value.buffer, value.byteOffset, nul < 0 ? value.length : nul).toString('latin1');
}

// What replies say is mostly what the reply before said, and values are never written to: each is made once. Byte by byte,
// because `of` and `from` of typed arrays go through iterators, which cost more than the rest of a reply.

/** One byte. Not to be written to. */
export function byte(value: number): Uint8Array {
  return bytes[value & 255] ?? new Uint8Array(1);
}

/** A 32-bit number or an address, in network order. Not to be written to. */
export const word = remembered((value: number) => {
  const made = new Uint8Array(4);
  writeWord(made, 0, value);
  return made;
});

/** Several addresses, one behind the other. */
export function words(values: readonly number[]): Uint8Array {
  const made = new Uint8Array(4 * values.length);
  for (let index = 0; index < values.length; index += 1) writeWord(made, 4 * index, values[index] ?? 0);
  return made;
}

/** Text of Latin-1 without a closing NUL (RFC 2132 §2). Not to be written to. */
export const text = remembered((value: string) => {
  const made = new Uint8Array(value.length);
  for (let at = 0; at < value.length; at += 1) made[at] = value.charCodeAt(at);
  return made;
});

/** An address as the text that option 66 wants. Not to be written to. */
export function addressText(address: Ipv4): Uint8Array {
  return text(formatIpv4(address));
}

const bytes = Array.from({ length: 256 }, (_, value) => Uint8Array.of(value));

/** Beyond so many values all are forgotten; among them are the names of machines. */
function remembered<T>(make: (value: T) => Uint8Array): (value: T) => Uint8Array {
  const known = new Map<T, Uint8Array>();
  return (value) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    if (known.size >= 16_384) known.clear();
    const made = make(value);
    known.set(value, made);
    return made;
  };
}

function writeWord(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

function readNumber(options: Options, code: number, size: number): number | null {
  const value = options.get(code);
  if (value === undefined) return null;
  if (value.length !== size) throw wrongLength(code, value);
  let number = 0;
  for (let at = 0; at < size; at += 1) number = number * 256 + (value[at] ?? 0);
  return number;
}

function wrongLength(code: number, value: Uint8Array): MalformedPacket {
  return new MalformedPacket(`option ${code} has the wrong length ${value.length}`, 0);
}
