import { above, keyOf, type NameKey } from './name.ts';
import { CLASS_IN, FLAG, TYPE, UDP_SIZE } from './numbers.ts';
import type { Edns, Question } from './packet.ts';
import type { Rrset } from './rrset.ts';

/** A message to be sent. */
export interface Message {
  id: number;
  /** The second word of the header but for the response code. */
  flags: number;
  /** Codes above 15 need `edns`. */
  rcode: number;
  question: Question | null;
  answer: readonly Rrset[];
  authority: readonly Rrset[];
  additional: readonly Rrset[];
  /** Answered by a pseudo-record of the server's own when the query had one (RFC 6891 §6.1.1). */
  edns: Pick<Edns, 'wantsDnssec'> | null;
}

const OPT_SIZE = 11;
const RECORD_SIZE = 10;
/** Where the question's name stands in every message. */
const QUESTION_AT = 12;

/** The message on the wire. What is longer than `limit` bytes goes without records and is marked as truncated (RFC 2181 §9). */
export function encodeMessage(message: Message, limit: number): Buffer {
  const bytes = Buffer.allocUnsafe(sizeOf(message));
  const end = write(bytes, message, message.flags);
  if (end <= limit) return bytes.subarray(0, end);
  const empty = { ...message, answer: [], authority: [], additional: [] };
  return bytes.subarray(0, write(bytes, empty, message.flags | FLAG.TC));
}

/** Bytes that a set takes at most. */
export function sizeOfSet({ owner, data }: Rrset): number {
  let size = 0;
  for (const one of data) size += owner.length + RECORD_SIZE + one.length;
  return size;
}

function sizeOf({ question, answer, authority, additional }: Message): number {
  let size = QUESTION_AT + OPT_SIZE + (question === null ? 0 : question.name.length + 4);
  for (const set of answer) size += sizeOfSet(set);
  for (const set of authority) size += sizeOfSet(set);
  for (const set of additional) size += sizeOfSet(set);
  return size;
}

function write(bytes: Buffer, message: Message, flags: number): number {
  const { question, edns } = message;
  bytes.writeUInt16BE(message.id, 0);
  bytes.writeUInt16BE(flags | (message.rcode & 0xf), 2);
  bytes.writeUInt16BE(question === null ? 0 : 1, 4);
  bytes.writeUInt16BE(countOf(message.answer), 6);
  bytes.writeUInt16BE(countOf(message.authority), 8);
  bytes.writeUInt16BE(countOf(message.additional) + (edns === null ? 0 : 1), 10);
  let at = QUESTION_AT;
  if (question !== null) {
    bytes.set(question.name, at);
    at += question.name.length;
    bytes.writeUInt16BE(question.type, at);
    bytes.writeUInt16BE(question.class, at + 2);
    at += 4;
  }
  for (const set of message.answer) at = writeSet(bytes, at, set, question?.key ?? '');
  for (const set of message.authority) at = writeSet(bytes, at, set, question?.key ?? '');
  for (const set of message.additional) at = writeSet(bytes, at, set, question?.key ?? '');
  return edns === null ? at : writeOpt(bytes, at, message.rcode, edns.wantsDnssec);
}

function countOf(sets: readonly Rrset[]): number {
  let count = 0;
  for (const { data } of sets) count += data.length;
  return count;
}

function writeSet(bytes: Buffer, start: number, set: Rrset, asked: NameKey): number {
  let at = start;
  for (const data of set.data) {
    at = writeName(bytes, at, set, asked);
    bytes.writeUInt16BE(set.type, at);
    bytes.writeUInt16BE(CLASS_IN, at + 2);
    bytes.writeUInt32BE(set.ttl, at + 4);
    bytes.writeUInt16BE(data.length, at + 8);
    bytes.set(data, at + RECORD_SIZE);
    at += RECORD_SIZE + data.length;
  }
  return at;
}

/** As much of the owner as the question ends in too is a pointer there (RFC 1035 §4.1.4). Keys are as long as wire forms, so places agree. */
function writeName(bytes: Buffer, at: number, { key, owner }: Rrset, asked: NameKey): number {
  let rest = key;
  while (rest !== '' && !asked.endsWith(rest)) rest = above(rest);
  const own = key.length - rest.length;
  if (rest === '') {
    bytes.set(owner, at);
    return at + owner.length;
  }
  bytes.set(owner.subarray(0, own), at);
  bytes.writeUInt16BE(0xc000 | (QUESTION_AT + asked.length - rest.length), at + own);
  return at + own + 2;
}

function writeOpt(bytes: Buffer, at: number, rcode: number, wantsDnssec: boolean): number {
  bytes[at] = 0;
  bytes.writeUInt16BE(TYPE.OPT, at + 1);
  bytes.writeUInt16BE(UDP_SIZE, at + 3);
  bytes[at + 5] = rcode >> 4;
  bytes[at + 6] = 0;
  bytes.writeUInt16BE(wantsDnssec ? 0x8000 : 0, at + 7);
  bytes.writeUInt16BE(0, at + 9);
  return at + OPT_SIZE;
}

/** A question of our own, for servers elsewhere. */
export function questionOf(name: Uint8Array, type: number): Question {
  return { key: keyOf(name), name, type, class: CLASS_IN };
}
