import { type Entry, layOut } from './layout.ts';
import { cookie, type DhcpPacket, fields, headerLength } from './format.ts';
import { option } from './options.ts';

/** BOOTP's smallest message (RFC 1542 §2.1): old relays and ROMs drop shorter ones. */
const minimumLength = 300;
/** What an Ethernet frame holds behind the headers of IP and UDP: a reply is never longer, so it is never cut in pieces. */
export const frameLength = 1472;

/**
 * Writes a message of at most `limit` bytes. When its options don't fit, the fields of server and boot file are overloaded
 * with them; a boot file overloaded away must then stand in option 67. Throws RangeError when a name does not fit its
 * field: 63 bytes for `sname`, 127 for `file`.
 */
export function encode(packet: DhcpPacket, limit = frameLength): Uint8Array {
  const layout = layOut(packet.options, limit - headerLength - 4);
  const bytes = Buffer.allocUnsafe(Math.max(headerLength + 4 + layout.mainLength, minimumLength)).fill(0);
  bytes[0] = packet.op;
  bytes[1] = packet.htype;
  bytes[2] = packet.hlen;
  bytes[3] = packet.hops;
  bytes.writeUInt32BE(packet.xid, 4);
  bytes.writeUInt16BE(packet.secs, 8);
  bytes.writeUInt16BE(packet.flags, 10);
  bytes.writeUInt32BE(packet.ciaddr, 12);
  bytes.writeUInt32BE(packet.yiaddr, 16);
  bytes.writeUInt32BE(packet.siaddr, 20);
  bytes.writeUInt32BE(packet.giaddr, 24);
  bytes.set(packet.chaddr.subarray(0, 16), 28);
  if (layout.overload & 2) writeOptions(bytes, fields.sname.start, layout.sname);
  else writeField(bytes, fields.sname, packet.sname);
  if (layout.overload & 1) writeOptions(bytes, fields.file.start, layout.file);
  else writeField(bytes, fields.file, packet.file);
  bytes.writeUInt32BE(cookie, headerLength);
  const overload: Entry[] = layout.overload === 0 ? [] : [[option.overload, Uint8Array.of(layout.overload)]];
  // Behind message type and server, before anything that a reader of the overloaded fields might look for.
  writeOptions(bytes, headerLength + 4, layout.overload === 0 ? layout.main : [...layout.main.slice(0, 2), ...overload, ...layout.main.slice(2)]);
  return bytes;
}

function writeField(bytes: Buffer, field: { start: number; length: number }, value: string): void {
  if (value.length >= field.length) throw new RangeError(`'${value}' does not fit a field of ${field.length} bytes`);
  for (let at = 0; at < value.length; at += 1) bytes[field.start + at] = value.charCodeAt(at);
}

/** Writes options and the end option. A value of more than 255 bytes becomes several options of the same number (RFC 3396 §6). */
function writeOptions(bytes: Buffer, start: number, entries: readonly Entry[]): void {
  let to = start;
  for (const [code, value] of entries) {
    for (let from = 0; from === 0 || from < value.length; from += 255) {
      const length = Math.min(255, value.length - from);
      bytes[to] = code;
      bytes[to + 1] = length;
      to += 2;
      // Most are of a few bytes, for which a call costs more than the loop.
      for (let at = 0; at < length; at += 1) bytes[to + at] = value[from + at] ?? 0;
      to += length;
    }
  }
  bytes[to] = option.end;
}
