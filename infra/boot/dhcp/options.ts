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
  broadcast: 28, // RFC 2132 §5.3
  vendorSpecific: 43, // RFC 2132 §8.4; PXE's own sub-options: RFC 4578 §1, PXE 2.1 §2.2
  requestedAddress: 50, // RFC 2132 §9.1
  leaseTime: 51, // RFC 2132 §9.2
  overload: 52, // RFC 2132 §9.3
  messageType: 53, // RFC 2132 §9.6
  serverId: 54, // RFC 2132 §9.7
  message: 56, // RFC 2132 §9.9
  renewalTime: 58, // RFC 2132 §9.11
  rebindingTime: 59, // RFC 2132 §9.12
  vendorClass: 60, // RFC 2132 §9.13
  clientId: 61, // RFC 2132 §9.14, echoed as RFC 6842 asks
  tftpServer: 66, // RFC 2132 §9.4
  bootFile: 67, // RFC 2132 §9.5
  userClass: 77, // RFC 3004
  relayAgent: 82, // RFC 3046
  clientArch: 93, // RFC 4578 §2.1
  clientUuid: 97, // RFC 4578 §2.3
  ipxe: 175, // iPXE's encapsulated settings (ipxe.org/howto/dhcpd)
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

/** Values of option 93 that luna has a boot file for (RFC 4578 §2.1 as corrected by its errata and IANA's registry). */
export const arch = {
  bios: 0,
  /** x64 UEFI; IANA lists 7 as "x64 UEFI" and 9 as "EBC", but firmware sends either for the same thing. */
  uefiX64: 7,
  uefiEbc: 9,
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
  return Buffer.from(value).readUInt16BE(0);
}

/** The option's address, or null without it. Throws MalformedPacket when it has another length than four. */
export function readAddress(options: Options, code: number): Ipv4 | null {
  return readNumber(options, code, 4);
}

/** The option as text, cut at the first NUL (some clients count it in), or null without it. */
export function readText(options: Options, code: number): string | null {
  const value = options.get(code);
  return value === undefined ? null : (Buffer.from(value).toString('latin1').split('\0')[0] ?? '');
}

/** One byte. */
export function byte(value: number): Uint8Array {
  return Uint8Array.of(value);
}

/** A 32-bit number or an address, in network order. */
export function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return Uint8Array.from(bytes);
}

/** Several addresses, one behind the other. */
export function words(values: readonly number[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(values.map(word)));
}

/** Text without a closing NUL (RFC 2132 §2). */
export function text(value: string): Uint8Array {
  return Uint8Array.from(Buffer.from(value, 'latin1'));
}

/** An address as the text that option 66 wants. */
export function addressText(address: Ipv4): Uint8Array {
  return text(formatIpv4(address));
}

function readNumber(options: Options, code: number, size: number): number | null {
  const value = options.get(code);
  if (value === undefined) return null;
  if (value.length !== size) throw wrongLength(code, value);
  return Buffer.from(value).readUIntBE(0, size);
}

function wrongLength(code: number, value: Uint8Array): MalformedPacket {
  return new MalformedPacket(`option ${code} has the wrong length ${value.length}`, 0);
}
