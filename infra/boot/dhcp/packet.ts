import type { Ipv4 } from '../../../domain/ip.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { option, type Options } from './options.ts';

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

const headerLength = 236;
const cookie = 0x63825363; // RFC 2131 §3
const sname = { start: 44, length: 64 };
const file = { start: 108, length: 128 };
/** BOOTP's smallest message (RFC 1542 §2.1): old relays and ROMs drop shorter ones. */
const minimumLength = 300;

/** Reads a message; the result shares no memory with `bytes`. Throws MalformedPacket and nothing else. */
export function decode(bytes: Uint8Array): DhcpPacket {
  const data = Buffer.from(bytes);
  if (data.length < headerLength + 4) throw new MalformedPacket('DHCP message is shorter than its header', data.length);
  if (data.readUInt32BE(headerLength) !== cookie) throw new MalformedPacket('no DHCP magic cookie', headerLength);
  const collected = new Map<number, Uint8Array[]>();
  collect(data, headerLength + 4, data.length, collected);
  const overload = overloaded(collected);
  // RFC 3396 §5: the options field first, then file, then sname.
  if (overload & 1) collect(data, file.start, file.start + file.length, collected);
  if (overload & 2) collect(data, sname.start, sname.start + sname.length, collected);
  return {
    op: data.readUInt8(0),
    htype: data.readUInt8(1),
    hlen: data.readUInt8(2),
    hops: data.readUInt8(3),
    xid: data.readUInt32BE(4),
    secs: data.readUInt16BE(8),
    flags: data.readUInt16BE(10),
    ciaddr: data.readUInt32BE(12),
    yiaddr: data.readUInt32BE(16),
    siaddr: data.readUInt32BE(20),
    giaddr: data.readUInt32BE(24),
    chaddr: Uint8Array.from(data.subarray(28, 44)),
    sname: overload & 2 ? '' : fieldText(data, sname),
    file: overload & 1 ? '' : fieldText(data, file),
    options: new Map([...collected].map(([code, parts]) => [code, Uint8Array.from(Buffer.concat(parts))])),
  };
}

/** Writes a message. Throws RangeError when a name does not fit its field: 63 bytes for `sname`, 127 for `file`. */
export function encode(packet: DhcpPacket): Uint8Array {
  const optionsLength = [...packet.options.values()].reduce((sum, value) => sum + encodedLength(value), 0);
  const bytes = Buffer.alloc(Math.max(headerLength + 4 + optionsLength + 1, minimumLength));
  bytes.writeUInt8(packet.op, 0);
  bytes.writeUInt8(packet.htype, 1);
  bytes.writeUInt8(packet.hlen, 2);
  bytes.writeUInt8(packet.hops, 3);
  bytes.writeUInt32BE(packet.xid, 4);
  bytes.writeUInt16BE(packet.secs, 8);
  bytes.writeUInt16BE(packet.flags, 10);
  bytes.writeUInt32BE(packet.ciaddr, 12);
  bytes.writeUInt32BE(packet.yiaddr, 16);
  bytes.writeUInt32BE(packet.siaddr, 20);
  bytes.writeUInt32BE(packet.giaddr, 24);
  bytes.set(packet.chaddr.subarray(0, 16), 28);
  writeField(bytes, sname, packet.sname);
  writeField(bytes, file, packet.file);
  bytes.writeUInt32BE(cookie, headerLength);
  let at = headerLength + 4;
  for (const code of [...packet.options.keys()].sort((x, y) => rank(x) - rank(y))) {
    at = writeOption(bytes, at, code, packet.options.get(code) ?? new Uint8Array());
  }
  bytes.writeUInt8(option.end, at);
  return bytes;
}

/** RFC 2132 §3.2 asks for an end option; nothing is lost by reading a message that lacks it. */
function collect(data: Buffer, start: number, end: number, into: Map<number, Uint8Array[]>): void {
  let at = start;
  while (at < end) {
    const code = data.readUInt8(at);
    if (code === option.end) return;
    if (code === option.pad) {
      at += 1;
      continue;
    }
    if (at + 2 > end) throw new MalformedPacket(`option ${code} has no length`, at);
    const next = at + 2 + data.readUInt8(at + 1);
    if (next > end) throw new MalformedPacket(`option ${code} is cut short`, at);
    const parts = into.get(code) ?? [];
    parts.push(data.subarray(at + 2, next));
    into.set(code, parts);
    at = next;
  }
}

function overloaded(collected: ReadonlyMap<number, Uint8Array[]>): number {
  const value = collected.get(option.overload)?.[0];
  return value?.length === 1 ? (value[0] ?? 0) & 3 : 0;
}

function fieldText(data: Buffer, field: { start: number; length: number }): string {
  const end = field.start + field.length;
  const nul = data.indexOf(0, field.start);
  return data.toString('latin1', field.start, nul < 0 ? end : Math.min(nul, end));
}

function writeField(bytes: Buffer, field: { start: number; length: number }, value: string): void {
  if (value.length >= field.length) throw new RangeError(`'${value}' does not fit a field of ${field.length} bytes`);
  bytes.write(value, field.start, 'latin1');
}

/** The message type and the server come first for simple-minded ROMs; the relay's option last (RFC 3046 §2.1). */
function rank(code: number): number {
  if (code === option.messageType) return -2;
  if (code === option.serverId) return -1;
  return code === option.relayAgent ? 1 : 0;
}

/** A value of more than 255 bytes becomes several options of the same number (RFC 3396 §6). Returns where the next one begins. */
function writeOption(bytes: Buffer, start: number, code: number, value: Uint8Array): number {
  let to = start;
  for (let from = 0; from === 0 || from < value.length; from += 255) {
    const part = value.subarray(from, from + 255);
    bytes.writeUInt8(code, to);
    bytes.writeUInt8(part.length, to + 1);
    bytes.set(part, to + 2);
    to += 2 + part.length;
  }
  return to;
}

function encodedLength(value: Uint8Array): number {
  return value.length + 2 * Math.max(1, Math.ceil(value.length / 255));
}
