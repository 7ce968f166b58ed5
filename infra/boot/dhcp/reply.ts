import { contains, formatIpv4, type Ipv4 } from '../../../domain/ip.ts';
import { grant, inform, nak } from './compose.ts';
import type { Facts } from './facts.ts';
import type { DhcpPacket } from './format.ts';
import { message, option, readAddress, readByte } from './options.ts';

/** What a request leads to: perhaps a packet, and what must be noted before it is sent. */
export type Decision =
  | { readonly kind: 'offer' | 'ack'; readonly ip: Ipv4; readonly packet: DhcpPacket }
  | { readonly kind: 'nak'; readonly why: string; readonly packet: DhcpPacket }
  | { readonly kind: 'inform' | 'proxy-offer' | 'proxy-ack'; readonly packet: DhcpPacket }
  | { readonly kind: 'release' | 'decline'; readonly ip: Ipv4; readonly packet: null }
  | { readonly kind: 'exhausted' | 'silence' | 'unchosen'; readonly why: string; readonly packet: null };

/** Decides the answer to a client's message (RFC 2131 §4.3). Throws MalformedPacket when an option it needs is malformed. */
export function decide(request: DhcpPacket, facts: Facts): Decision {
  switch (readByte(request.options, option.messageType)) {
    case message.discover:
      return discover(request, facts);
    case message.request:
      return requested(request, facts);
    case message.inform:
      // A client that luna doesn't know got its address elsewhere and is told the rest there.
      return entitled(facts) === null ? silence('INFORM of an unknown machine') : { kind: 'inform', packet: inform(request, facts) };
    case message.decline:
      return takenBack('decline', readAddress(request.options, option.requestedAddress), request, facts);
    case message.release:
      return takenBack('release', request.ciaddr, request, facts);
    case message.offer:
    case message.ack:
    case message.nak:
      return silence('another server’s message');
    case null:
      return silence('BOOTP, not DHCP');
    default:
      return silence('unknown message type');
  }
}

function discover(request: DhcpPacket, facts: Facts): Decision {
  const ip = facts.reserved?.ip ?? facts.candidate;
  if (ip !== null) return { kind: 'offer', ip, packet: grant(message.offer, request, facts, ip) };
  // An unknown operating system may belong to another server on the wire; an unknown boot program is luna's to take in.
  if (facts.client.class === 'other') return silence('unknown machine');
  return { kind: 'exhausted', why: 'no free address in the dynamic range', packet: null };
}

/** The four kinds of REQUEST are told apart as RFC 2131 §4.3.2 says: by server identifier, requested address and ciaddr. */
function requested(request: DhcpPacket, facts: Facts): Decision {
  const chosen = readAddress(request.options, option.serverId);
  if (chosen !== null && !facts.isUs(chosen)) return { kind: 'unchosen', why: `the client chose server ${formatIpv4(chosen)}`, packet: null };
  const wanted = readAddress(request.options, option.requestedAddress) ?? request.ciaddr;
  if (wanted === 0) return silence('REQUEST for no address');
  const right = entitled(facts);
  if (right === wanted) return { kind: 'ack', ip: wanted, packet: grant(message.ack, request, facts, wanted) };
  if (right !== null) return refusal(request, facts, `${formatIpv4(wanted)} is not yours, ${formatIpv4(right)} is`);
  if (chosen !== null) return refusal(request, facts, `${formatIpv4(wanted)} is no longer offered`);
  // INIT-REBOOT, RENEW or REBIND of a machine without a record. RFC 2131 §4.3.2: silent, unless the address is certainly wrong.
  if (facts.isOurs(wanted)) return refusal(request, facts, `${formatIpv4(wanted)} is not leased to you`);
  return silence('unknown machine with an address of another server');
}

function takenBack(kind: 'release' | 'decline', ip: Ipv4 | null, request: DhcpPacket, facts: Facts): Decision {
  const server = readAddress(request.options, option.serverId);
  if (server !== null && !facts.isUs(server)) return silence(`${kind} meant for another server`);
  if (ip === null || ip !== (facts.reserved?.ip ?? facts.bound)) return silence(`${kind} of an address that is not the client's`);
  return { kind, ip, packet: null };
}

/** The one address this MAC may have: its reservation, or else what it was offered or leased. */
function entitled(facts: Facts): Ipv4 | null {
  const ip = facts.reserved?.ip ?? facts.bound;
  return ip !== null && contains(facts.network, ip) ? ip : null;
}

function refusal(request: DhcpPacket, facts: Facts, why: string): Decision {
  return { kind: 'nak', why, packet: nak(request, facts, why) };
}

function silence(why: string): Decision {
  return { kind: 'silence', why, packet: null };
}
