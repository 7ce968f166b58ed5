import { broadcastOf, formatIpv4, type Ipv4, netmask } from '../../../domain/ip.ts';
import { bootOptions } from './boot-file.ts';
import type { Facts } from './facts.ts';
import { addressText, byte, message, option, type Options, text, word, words } from './options.ts';
import type { DhcpPacket } from './packet.ts';

/** An OFFER or ACK of `ip`. */
export function grant(type: typeof message.offer | typeof message.ack, request: DhcpPacket, facts: Facts, ip: Ipv4): DhcpPacket {
  const times: Options = new Map([
    [option.leaseTime, word(facts.leaseSeconds)],
    [option.renewalTime, word(Math.floor(facts.leaseSeconds / 2))],
    [option.rebindingTime, word(Math.floor(facts.leaseSeconds * 0.875))],
  ]);
  const named = withBoot(reply(type, request, facts, [...times, ...settings(facts), ...bootOptions(facts.client, request.options)]), facts);
  return { ...named, yiaddr: ip };
}

/** The ACK of an INFORM: settings without an address or a lease (RFC 2131 §4.3.5). */
export function inform(request: DhcpPacket, facts: Facts): DhcpPacket {
  return withBoot(reply(message.ack, request, facts, [...settings(facts), ...bootOptions(facts.client, request.options)]), facts);
}

/** A refusal; `why` is for whoever reads a packet trace. Carries nothing but itself (RFC 2131 §4.3.2, table 3). */
export function nak(request: DhcpPacket, facts: Facts, why: string): DhcpPacket {
  const refusal = reply(message.nak, request, facts, [[option.message, text(why)]]);
  // RFC 2131 §4.3.2: behind a relay the client has no valid address, so the relay must broadcast it.
  return { ...refusal, ciaddr: 0, flags: request.giaddr === 0 ? request.flags : request.flags | 0x8000 };
}

function reply(type: number, request: DhcpPacket, facts: Facts, options: Iterable<[number, Uint8Array]>): DhcpPacket {
  const echoed = [option.clientId, option.relayAgent].flatMap((code): [number, Uint8Array][] => {
    const value = request.options.get(code);
    return value === undefined ? [] : [[code, value]];
  });
  return {
    op: 2,
    htype: request.htype,
    hlen: request.hlen,
    hops: 0,
    xid: request.xid,
    secs: 0,
    flags: request.flags,
    ciaddr: request.ciaddr,
    yiaddr: 0,
    siaddr: 0,
    giaddr: request.giaddr,
    chaddr: request.chaddr,
    sname: '',
    file: '',
    options: new Map([[option.messageType, byte(type)], [option.serverId, word(facts.server)], ...options, ...echoed]),
  };
}

function settings(facts: Facts): Options {
  const options: Options = new Map([
    [option.subnetMask, word(netmask(facts.network.prefix))],
    [option.broadcast, word(broadcastOf(facts.network))],
  ]);
  if (facts.gateway !== null) options.set(option.router, word(facts.gateway));
  if (facts.dns.length > 0) options.set(option.dns, words(facts.dns));
  if (facts.domain !== null) options.set(option.domain, text(facts.domain));
  if (facts.reserved?.hostname) options.set(option.hostname, text(facts.reserved.hostname));
  return options;
}

/**
 * Names server and file twice, in the header and as options 66/67: BIOS ROMs of the BOOTP tradition read the one,
 * UEFI the other where both are there. A URL too long for the header's 127 bytes stands in option 67 alone; iPXE reads that.
 */
function withBoot(packet: DhcpPacket, facts: Facts): DhcpPacket {
  if (facts.bootFile === null) return packet;
  packet.options.set(option.tftpServer, addressText(facts.server));
  packet.options.set(option.bootFile, text(facts.bootFile));
  return {
    ...packet,
    siaddr: facts.server,
    sname: formatIpv4(facts.server),
    file: facts.bootFile.length < 128 ? facts.bootFile : '',
  };
}
