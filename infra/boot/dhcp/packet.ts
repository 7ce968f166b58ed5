import { MalformedPacket } from '../malformed-packet.ts';
import { cookie, type DhcpPacket, fields, headerLength } from './format.ts';
import { option } from './options.ts';

/** What a jumbo frame holds. Longer ones come in fragments, which no client sends. */
const longest = 9000;

/** Reads a message; the result shares no memory with `bytes`. Throws MalformedPacket and nothing else. */
export function decode(bytes: Uint8Array): DhcpPacket {
  if (bytes.length > longest) throw new MalformedPacket('DHCP message is longer than any frame', longest);
  const data = Buffer.from(bytes);
  if (data.length < headerLength + 4) throw new MalformedPacket('DHCP message is shorter than its header', data.length);
  if (data.readUInt32BE(headerLength) !== cookie) throw new MalformedPacket('no DHCP magic cookie', headerLength);
  const options = new Map<number, Uint8Array>();
  collect(data, headerLength + 4, data.length, options);
  const overload = overloaded(options);
  const { file, sname } = fields;
  // RFC 3396 §5: the options field first, then file, then sname.
  if (overload & 1) collect(data, file.start, file.start + file.length, options);
  if (overload & 2) collect(data, sname.start, sname.start + sname.length, options);
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
    chaddr: new Uint8Array(data.subarray(28, 44)),
    sname: overload & 2 ? '' : fieldText(data, sname),
    file: overload & 1 ? '' : fieldText(data, file),
    options,
  };
}

/**
 * Adds the options of one part of the message; those of the same number are joined (RFC 3396). RFC 2132 §3.2 asks for an
 * end option; nothing is lost by reading a message that lacks it.
 */
function collect(data: Buffer, start: number, end: number, into: Map<number, Uint8Array>): void {
  let at = start;
  while (at < end) {
    const code = data[at] ?? option.end;
    if (code === option.end) return;
    if (code === option.pad) {
      at += 1;
      continue;
    }
    if (at + 2 > end) throw new MalformedPacket(`option ${code} has no length`, at);
    const next = at + 2 + (data[at + 1] ?? 0);
    if (next > end) throw new MalformedPacket(`option ${code} is cut short`, at);
    const value = new Uint8Array(data.buffer, data.byteOffset + at + 2, next - at - 2);
    const before = into.get(code);
    into.set(code, before === undefined ? value : joined(before, value));
    at = next;
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const whole = new Uint8Array(a.length + b.length);
  whole.set(a);
  whole.set(b, a.length);
  return whole;
}

function overloaded(options: ReadonlyMap<number, Uint8Array>): number {
  const value = options.get(option.overload);
  return value?.length === 1 ? (value[0] ?? 0) & 3 : 0;
}

function fieldText(data: Buffer, field: { start: number; length: number }): string {
  if (data[field.start] === 0) return '';
  const end = field.start + field.length;
  const nul = data.indexOf(0, field.start);
  return data.toString('latin1', field.start, nul < 0 ? end : Math.min(nul, end));
}
