import { broadcastOf, formatIpv4, type Ipv4, netmask } from '../../../domain/ip.ts';
import { addBootOptions } from './boot-file.ts';
import type { Facts } from './facts.ts';
import type { DhcpPacket } from './format.ts';
import { addressText, byte, message, option, type Options, text, word, words } from './options.ts';
import { addRequested } from './settings.ts';

/** An OFFER or ACK of `ip`. */
export function grant(type: typeof message.offer | typeof message.ack, request: DhcpPacket, facts: Facts, ip: Ipv4): DhcpPacket {
  const options = begun(type, request, facts);
  options.set(option.leaseTime, word(facts.leaseSeconds));
  options.set(option.renewalTime, word(Math.floor(facts.leaseSeconds / 2)));
  options.set(option.rebindingTime, word(Math.floor(facts.leaseSeconds * 0.875)));
  return answer(options, request, facts, ip);
}

/** The ACK of an INFORM: settings without an address or a lease (RFC 2131 §4.3.5). */
export function inform(request: DhcpPacket, facts: Facts): DhcpPacket {
  return answer(begun(message.ack, request, facts), request, facts, 0);
}

/** In the order of their weight: what comes last is left out first when the client takes short messages only. */
function answer(options: Options, request: DhcpPacket, facts: Facts, ip: Ipv4): DhcpPacket {
  addSettings(options, facts);
  addBootOptions(options, facts.client, request.options);
  addBootFile(options, facts);
  addRequested(options, facts, request.options);
  facts.siteOptions.forEach((value, code) => options.set(code, value));
  return reply(request, options, { ciaddr: request.ciaddr, yiaddr: ip, flags: request.flags }, facts);
}

/**
 * What a ProxyDHCP server says (PXE 2.1 §2.2.3): no address and no settings, only what to boot. Its class is what tells it
 * from an offer, so iPXE too is told PXEClient here.
 */
export function proxyAnswer(type: typeof message.offer | typeof message.ack, request: DhcpPacket, facts: Facts): DhcpPacket {
  const options = begun(type, request, facts);
  addBootOptions(options, facts.client, request.options);
  if (facts.client.class === 'ipxe') {
    options.delete(option.ipxe);
    options.set(option.vendorClass, text('PXEClient'));
  }
  addBootFile(options, facts);
  return reply(request, options, { ciaddr: request.ciaddr, yiaddr: 0, flags: request.flags }, facts);
}

/** A refusal; `why` is for whoever reads a packet trace. Carries nothing but itself (RFC 2131 §4.3.2, table 3). */
export function nak(request: DhcpPacket, facts: Facts, why: string): DhcpPacket {
  const options = begun(message.nak, request, facts);
  options.set(option.message, text(why));
  // RFC 2131 §4.3.2: behind a relay the client has no valid address, so the relay must broadcast it.
  return reply(request, options, { ciaddr: 0, yiaddr: 0, flags: request.giaddr === 0 ? request.flags : request.flags | 0x8000 }, null);
}

/** What every reply says: its type, whose it is, and what the client and the relay want to hear again. */
function begun(type: number, request: DhcpPacket, facts: Facts): Options {
  const options: Options = new Map();
  options.set(option.messageType, byte(type));
  options.set(option.serverId, word(facts.identity));
  echo(option.clientId, request.options, options);
  echo(option.relayAgent, request.options, options);
  return options;
}

function echo(code: number, from: Options, to: Options): void {
  const value = from.get(code);
  if (value !== undefined) to.set(code, value);
}

/**
 * The header. Server and boot file are named twice, here and as options 66/67: BIOS ROMs of the BOOTP tradition read the one,
 * UEFI the other where both are there. A URL too long for the header's 127 bytes stands in option 67 alone; iPXE reads that.
 */
function reply(request: DhcpPacket, options: Options, { ciaddr, yiaddr, flags }: Pick<DhcpPacket, 'ciaddr' | 'yiaddr' | 'flags'>, boot: Facts | null): DhcpPacket {
  const file = boot?.bootFile ?? null;
  const server = boot === null || file === null ? 0 : boot.server;
  return {
    op: 2,
    htype: request.htype,
    hlen: request.hlen,
    hops: 0,
    xid: request.xid,
    secs: 0,
    flags,
    ciaddr,
    yiaddr,
    siaddr: server,
    giaddr: request.giaddr,
    chaddr: request.chaddr,
    sname: server === 0 ? '' : formatIpv4(server),
    file: file === null || file.length >= 128 ? '' : file,
    options,
  };
}

function addSettings(options: Options, facts: Facts): void {
  options.set(option.subnetMask, word(netmask(facts.network.prefix)));
  options.set(option.broadcast, word(broadcastOf(facts.network)));
  if (facts.gateway !== null) options.set(option.router, word(facts.gateway));
  if (facts.dns.length > 0) options.set(option.dns, words(facts.dns));
  if (facts.domain !== null) options.set(option.domain, text(facts.domain));
  if (facts.reserved?.hostname) options.set(option.hostname, text(facts.reserved.hostname));
}

function addBootFile(options: Options, facts: Facts): void {
  if (facts.bootFile === null) return;
  options.set(option.tftpServer, addressText(facts.server));
  options.set(option.bootFile, text(facts.bootFile));
}
