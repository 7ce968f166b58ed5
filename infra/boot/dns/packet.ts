import { MalformedPacket } from '../malformed-packet.ts';
import { keyOf, LONGEST, type NameKey } from './name.ts';
import { TYPE } from './numbers.ts';

/** What is asked: a name, a type, a class. */
export interface Question {
  key: NameKey;
  /** Wire form in the case it was asked in: answers repeat it, by which resolvers know them (0x20). */
  name: Uint8Array;
  type: number;
  class: number;
}

/** A request's pseudo-record (RFC 6891 §6.1.2). */
export interface Edns {
  version: number;
  /** Bytes of the largest datagram that the client takes. */
  size: number;
  /** Whether it wants the records of DNSSEC. */
  wantsDnssec: boolean;
}

/** A message to a server. */
export interface Query {
  id: number;
  /** The second word of the header as it came. */
  flags: number;
  opcode: number;
  question: Question;
  edns: Edns | null;
  /** The serial of the first SOA beside the question: what an IXFR has already (RFC 1995 §3). */
  serial: number | null;
}

const HEADER = 12;

/** Reads a query with one question. Throws MalformedPacket; a response (QR set) is malformed here. */
export function decodeQuery(data: Uint8Array): Query {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < HEADER) throw new MalformedPacket(`a header has ${HEADER} bytes, there are ${bytes.length}`, 0);
  const flags = bytes.readUInt16BE(2);
  if ((flags & 0x8000) !== 0) throw new MalformedPacket('a response where a query belongs', 2);
  const questions = bytes.readUInt16BE(4);
  if (questions !== 1) throw new MalformedPacket(`${questions} questions instead of one`, 4);
  const end = endOfPlainName(bytes, HEADER);
  if (end + 4 > bytes.length) throw new MalformedPacket('type and class of the question are cut off', end);
  const name = bytes.subarray(HEADER, end);
  const query: Query = {
    id: bytes.readUInt16BE(0),
    flags,
    opcode: (flags >> 11) & 0xf,
    question: { key: keyOf(name), name, type: bytes.readUInt16BE(end), class: bytes.readUInt16BE(end + 2) },
    edns: null,
    serial: null,
  };
  readRecords(bytes, end + 4, query);
  return query;
}

/** What a query has behind its question: of interest are the pseudo-record and the serial. */
function readRecords(bytes: Buffer, start: number, query: Query): void {
  const others = bytes.readUInt16BE(6) + bytes.readUInt16BE(8);
  const count = others + bytes.readUInt16BE(10);
  let at = start;
  for (let i = 0; i < count; i++) {
    const owner = at;
    at = endOfName(bytes, at);
    if (at + 10 > bytes.length) throw new MalformedPacket('a record is cut off', at);
    const type = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 8);
    const next = at + 10 + length;
    if (next > bytes.length) throw new MalformedPacket(`a record's data of ${length} bytes is cut off`, at + 8);
    if (type === TYPE.OPT) {
      if (query.edns !== null || i < others) throw new MalformedPacket('a second OPT, or one outside the additional section', owner);
      if (bytes[owner] !== 0) throw new MalformedPacket('the owner of OPT is not the root', owner);
      query.edns = { version: bytes[at + 5] ?? 0, size: bytes.readUInt16BE(at + 2), wantsDnssec: (bytes.readUInt16BE(at + 6) & 0x8000) !== 0 };
    } else if (type === TYPE.SOA && query.serial === null && i < others) {
      const serialAt = endOfName(bytes, endOfName(bytes, at + 10));
      if (serialAt + 20 > next) throw new MalformedPacket('a SOA is cut off', serialAt);
      query.serial = bytes.readUInt32BE(serialAt);
    }
    at = next;
  }
}

/** Where a name without pointers ends: nothing stands before a question that it could point to. */
function endOfPlainName(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw new MalformedPacket('a name is cut off', at);
    if (length > LONGEST.label) throw new MalformedPacket(`a label of type ${length >> 6} in the question`, at);
    at += 1 + length;
    if (at - start > LONGEST.name) throw new MalformedPacket(`a name of more than ${LONGEST.name} bytes`, start);
    if (length === 0) return at;
  }
}

/** Where a name ends that may end in a pointer (RFC 1035 §4.1.4); the pointer is not followed. */
export function endOfName(bytes: Buffer, start: number): number {
  let at = start;
  for (;;) {
    const length = bytes[at];
    if (length === undefined) throw new MalformedPacket('a name is cut off', at);
    if (length >= 0xc0) {
      if (at + 2 > bytes.length) throw new MalformedPacket('a pointer is cut off', at);
      return at + 2;
    }
    if (length > LONGEST.label) throw new MalformedPacket(`a label of type ${length >> 6}`, at);
    at += 1 + length;
    if (at - start > LONGEST.name) throw new MalformedPacket(`a name of more than ${LONGEST.name} bytes`, start);
    if (length === 0) return at;
  }
}
