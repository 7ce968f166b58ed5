import { type Ipv6, ipv6Bytes, ipv6Of } from '../../../domain/ipv6.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { decodeOptions, encodeOptions, first, message, option, type Option, type Options } from './options.ts';

/** A message between a client and a server (RFC 8415 §8). */
export interface Message {
  readonly type: number;
  /** 24 bits. */
  readonly transaction: number;
  readonly options: Options;
}

/** One relay on the way (RFC 8415 §9), outermost first in a list of them. */
export interface Relay {
  readonly hops: number;
  /** An address of the link the client is on; 0 when the relay doesn't say. */
  readonly link: Ipv6;
  /** Whom the relay heard: the client or the next relay. */
  readonly peer: Ipv6;
  /** All but the message it carries. */
  readonly options: Options;
}

/** What a datagram holds: a client's message, and the relays that brought it. */
export interface Packet {
  readonly relays: readonly Relay[];
  readonly message: Message;
}

const relayHeader = 34;
/** RFC 8415 §7.6, HOP_COUNT_LIMIT. */
const mostRelays = 8;

/** Reads a datagram; the result shares no memory with `bytes`. Throws MalformedPacket and nothing else. */
export function decode(bytes: Uint8Array): Packet {
  const relays: Relay[] = [];
  let data = Buffer.from(bytes);
  while (isRelayed(data)) {
    if (relays.length === mostRelays) throw new MalformedPacket(`more than ${mostRelays} relays`, 0);
    if (data.length < relayHeader) throw new MalformedPacket('relay message is shorter than its header', data.length);
    const options = decodeOptions(data, relayHeader);
    const carried = first(options, option.relayMessage);
    if (carried === null) throw new MalformedPacket('relay message carries no message', relayHeader);
    relays.push({
      hops: data.readUInt8(1),
      link: ipv6Of(data.subarray(2, 18)),
      peer: ipv6Of(data.subarray(18, relayHeader)),
      options: options.filter(({ code }) => code !== option.relayMessage),
    });
    data = Buffer.from(carried);
  }
  if (data.length < 4) throw new MalformedPacket('DHCPv6 message is shorter than its header', data.length);
  return { relays, message: { type: data.readUInt8(0), transaction: data.readUIntBE(1, 3), options: decodeOptions(data, 4) } };
}

/** Writes a message without relays. */
export function encodeMessage({ type, transaction, options }: Message): Uint8Array {
  return Buffer.concat([Uint8Array.of(type, transaction >> 16, (transaction >> 8) & 255, transaction & 255), encodeOptions(options)]);
}

/** Writes a message inside of relay messages of `type`. */
export function encode({ relays, message: inner }: Packet, type: typeof message.relayForward | typeof message.relayReply): Uint8Array {
  return relays.reduceRight<Uint8Array>((carried, { hops, link, peer, options }) => {
    const whole: Option[] = [...options, { code: option.relayMessage, value: carried }];
    return Buffer.concat([Uint8Array.of(type, hops), ipv6Bytes(link), ipv6Bytes(peer), encodeOptions(whole)]);
  }, encodeMessage(inner));
}

function isRelayed(data: Buffer): boolean {
  return data[0] === message.relayForward || data[0] === message.relayReply;
}
