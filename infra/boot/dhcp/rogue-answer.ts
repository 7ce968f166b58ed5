import { formatIpv4 } from '../../../domain/ip.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { message, option, readAddress, readByte, readText } from './options.ts';
import type { DhcpPacket } from './format.ts';
import { decode } from './packet.ts';

/** What a message that a server broadcast tells of it. */
export interface ServerAnswer {
  /** Option 54; where the message came from when it has none. */
  readonly server: string;
  /** For people: the address given, the boot file. */
  readonly offered: string;
}

/** Answers that come from a server and from nobody else. */
const kinds = new Map<number, string>([[message.offer, 'offers'], [message.ack, 'gives'], [message.nak, 'refuses an address']]);
/** A name of a boot file is somebody else's text. */
const longest = 100;

/**
 * The server behind a message heard at the port of clients; null for anything that no server says, and for what is said by
 * an address that `isOurs`. Never throws: what can't be read gives nobody away.
 */
export function answerOf(data: Uint8Array, from: string, isOurs: (ip: string) => boolean): ServerAnswer | null {
  const packet = readable(data);
  if (packet?.op !== 2) return null;
  try {
    const kind = kinds.get(readByte(packet.options, option.messageType) ?? 0);
    const named = readAddress(packet.options, option.serverId) ?? 0;
    const server = named === 0 ? from : formatIpv4(named);
    return kind === undefined || isOurs(server) ? null : { server, offered: offerOf(packet, kind) };
  } catch (error) {
    if (error instanceof MalformedPacket) return null;
    throw error;
  }
}

function readable(data: Uint8Array): DhcpPacket | null {
  try {
    return decode(data);
  } catch (error) {
    if (error instanceof MalformedPacket) return null;
    throw error;
  }
}

function offerOf({ yiaddr, file, options }: DhcpPacket, kind: string): string {
  const bootFile = (file === '' ? readText(options, option.bootFile) ?? '' : file).slice(0, longest).replace(/[^\x20-\x7e]/g, '?');
  const things = [...(yiaddr === 0 ? [] : [formatIpv4(yiaddr)]), ...(bootFile === '' ? [] : [`boot file ${bootFile}`])];
  return things.length === 0 ? kind : `${kind} ${things.join(', ')}`;
}
