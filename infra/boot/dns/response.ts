import { MalformedPacket } from '../malformed-packet.ts';
import { keyOf, LONGEST, type NameKey } from './name.ts';
import { CLASS_IN, FLAG, TYPE } from './numbers.ts';
import type { Rrset } from './rrset.ts';

/** What a server elsewhere answered. Every record is a set of its own, in the order it came. */
export interface Response {
  id: number;
  rcode: number;
  /** It did not fit: to be asked for again by TCP. */
  truncated: boolean;
  /** Its server has proved the records by DNSSEC. */
  authentic: boolean;
  question: { key: NameKey; type: number };
  answer: Rrset[];
  authority: Rrset[];
  additional: Rrset[];
}

/** Names that stand behind so many bytes of a record's data, one after the other, may be shortened there (RFC 3597 §4). */
const SHORTENED: ReadonlyMap<number, { skip: number; names: number }> = new Map([
  [TYPE.NS, { skip: 0, names: 1 }], [TYPE.CNAME, { skip: 0, names: 1 }], [TYPE.PTR, { skip: 0, names: 1 }], [TYPE.DNAME, { skip: 0, names: 1 }],
  [TYPE.SOA, { skip: 0, names: 2 }], [TYPE.MX, { skip: 2, names: 1 }], [TYPE.SRV, { skip: 6, names: 1 }],
]);

/** Reads a response to one question of ours. Throws MalformedPacket. */
export function decodeResponse(data: Uint8Array): Response {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < 12) throw new MalformedPacket(`a header has 12 bytes, there are ${bytes.length}`, 0);
  const flags = bytes.readUInt16BE(2);
  if ((flags & FLAG.QR) === 0) throw new MalformedPacket('a query where a response belongs', 2);
  if (bytes.readUInt16BE(4) !== 1) throw new MalformedPacket('not the one question that was asked', 4);
  const asked = readName(bytes, 12);
  if (asked.next + 4 > bytes.length) throw new MalformedPacket('type and class of the question are cut off', asked.next);
  const cursor = { at: asked.next + 4 };
  const response: Response = {
    id: bytes.readUInt16BE(0),
    rcode: flags & 0xf,
    truncated: (flags & FLAG.TC) !== 0,
    authentic: (flags & FLAG.AD) !== 0,
    question: { key: keyOf(asked.name), type: bytes.readUInt16BE(asked.next) },
    answer: [], authority: [], additional: [],
  };
  if (response.truncated) return response;
  response.answer = readRecords(bytes, cursor, bytes.readUInt16BE(6));
  response.authority = readRecords(bytes, cursor, bytes.readUInt16BE(8));
  response.additional = readRecords(bytes, cursor, bytes.readUInt16BE(10));
  return response;
}

/** Records of classes but IN and the pseudo-record are passed over. */
function readRecords(bytes: Buffer, cursor: { at: number }, count: number): Rrset[] {
  const sets: Rrset[] = [];
  for (let i = 0; i < count; i++) {
    const { name, next } = readName(bytes, cursor.at);
    if (next + 10 > bytes.length) throw new MalformedPacket('a record is cut off', next);
    const type = bytes.readUInt16BE(next);
    const end = next + 10 + bytes.readUInt16BE(next + 8);
    if (end > bytes.length) throw new MalformedPacket('the data of a record are cut off', next + 8);
    const ttl = bytes.readUInt32BE(next + 4);
    cursor.at = end;
    if (type === TYPE.OPT || bytes.readUInt16BE(next + 2) !== CLASS_IN) continue;
    // A TTL with the highest bit set counts as none (RFC 2181 §8).
    sets.push({ key: keyOf(name), owner: name, type, ttl: ttl > 0x7fffffff ? 0 : ttl, data: [dataOf(bytes, type, next + 10, end)] });
  }
  return sets;
}

function dataOf(bytes: Buffer, type: number, start: number, end: number): Uint8Array {
  const shortened = SHORTENED.get(type);
  if (shortened === undefined) return Uint8Array.prototype.slice.call(bytes, start, end);
  let at = start + shortened.skip;
  const parts: Uint8Array[] = [bytes.subarray(start, at)];
  for (let i = 0; i < shortened.names; i++) {
    const { name, next } = readName(bytes, at);
    parts.push(name);
    at = next;
  }
  if (at > end) throw new MalformedPacket('a name reaches beyond the data of its record', start);
  return Buffer.concat([...parts, bytes.subarray(at, end)]);
}

/** A name with what its pointers mean; those lead backwards alone, so none leads round (RFC 1035 §4.1.4). */
function readName(bytes: Buffer, start: number): { name: Uint8Array; next: number } {
  const labels: Uint8Array[] = [];
  let next: number | null = null;
  let [at, earliest, size] = [start, start, 1];
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw new MalformedPacket('a name is cut off', at);
    if (length === 0) break;
    if (length >= 0xc0) {
      if (at + 2 > bytes.length) throw new MalformedPacket('a pointer is cut off', at);
      const to = bytes.readUInt16BE(at) & 0x3fff;
      if (to >= earliest) throw new MalformedPacket(`a pointer to byte ${to}, which does not lie before the name`, at);
      next ??= at + 2;
      at = earliest = to;
      continue;
    }
    if (length > LONGEST.label) throw new MalformedPacket(`a label of type ${length >> 6}`, at);
    size += 1 + length;
    if (size > LONGEST.name) throw new MalformedPacket(`a name of more than ${LONGEST.name} bytes`, start);
    if (at + 1 + length > bytes.length) throw new MalformedPacket('a label is cut off', at);
    labels.push(bytes.subarray(at, at + 1 + length));
    at += 1 + length;
  }
  return { name: Buffer.concat([...labels, Uint8Array.of(0)]), next: next ?? at + 1 };
}
