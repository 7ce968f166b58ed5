import type { Ipv4 } from '../../../domain/ip.ts';
import type { Options } from './options.ts';

/** A BOOTP/DHCP message (RFC 2131 §2). Addresses are numbers, `options` holds raw values joined as RFC 3396 says. */
export interface DhcpPacket {
  /** 1 = request of a client, 2 = reply of a server. */
  readonly op: number;
  /** Hardware type (1 = Ethernet) and length of the hardware address. */
  readonly htype: number;
  readonly hlen: number;
  readonly hops: number;
  readonly xid: number;
  readonly secs: number;
  /** Bit 15 asks for replies by broadcast. */
  readonly flags: number;
  readonly ciaddr: Ipv4;
  readonly yiaddr: Ipv4;
  readonly siaddr: Ipv4;
  readonly giaddr: Ipv4;
  /** All 16 bytes of the field. */
  readonly chaddr: Uint8Array;
  readonly sname: string;
  readonly file: string;
  readonly options: Options;
}

/** The broadcast bit of `flags` (RFC 2131 §2, figure 2). */
export const broadcastFlag = 0x8000;
/** Bytes before the magic cookie. */
export const headerLength = 236;
/** What tells DHCP from older BOOTP (RFC 2131 §3). */
export const cookie = 0x63825363;
/** Where the two texts of the header stand. */
export const fields = { sname: { start: 44, length: 64 }, file: { start: 108, length: 128 } } as const;
