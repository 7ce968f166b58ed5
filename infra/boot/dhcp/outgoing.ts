import { contains, type Ipv4 } from '../../../domain/ip.ts';
import { encode, frameLength } from './encode.ts';
import { broadcastFlag, type DhcpPacket } from './format.ts';
import { message, option, readByte, readShort } from './options.ts';
import type { Served } from './served.ts';

/** A reply and where it goes. */
export interface Outgoing {
  readonly data: Uint8Array;
  readonly address: Ipv4;
  readonly port: number;
}

/** The broadcast address of whatever wire it leaves by (RFC 919 §7). */
const everywhere: Ipv4 = 0xffffffff;
/** Headers of IP and UDP, which option 57 counts in. */
const envelope = 28;
/** What every client takes: an IP packet of 576 bytes (RFC 2131 §2). */
const everyone = 576;

/**
 * Where a reply goes (RFC 2131 §4.1): to the relay, to an address the client already uses, else to everyone. A client
 * without an address can't answer ARP, so what the RFC would unicast to yiaddr is broadcast as well. It is no longer than
 * the client says it takes (RFC 2132 §9.10).
 */
export function outgoing(packet: DhcpPacket, request: DhcpPacket, { network, relayed }: Served): Outgoing {
  const said = readShort(request.options, option.maximumSize) ?? everyone;
  const data = encode(packet, Math.min(Math.max(said, everyone) - envelope, frameLength));
  if (packet.giaddr !== 0) return { data, address: packet.giaddr, port: 67 };
  const usesAddress = packet.ciaddr !== 0 && (packet.flags & broadcastFlag) === 0;
  if (usesAddress) return { data, address: packet.ciaddr, port: 68 };
  // A refusal is broadcast, but from behind a router the client would never hear that: it spoke to us directly, so it hears us.
  const refused = readByte(packet.options, option.messageType) === message.nak && request.ciaddr !== 0;
  const far = relayed && contains(network, request.ciaddr);
  return { data, address: refused && far ? request.ciaddr : everywhere, port: 68 };
}
