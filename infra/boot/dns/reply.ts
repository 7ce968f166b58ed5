import { type Answer, answerFrom, type ServedZones } from './answer.ts';
import { encodeMessage, type Message } from './message.ts';
import { CLASS_IN, FLAG, OPCODE, RCODE, TYPE, UDP_SIZE } from './numbers.ts';
import type { Query } from './packet.ts';
import type { ServedZone } from './served-zone.ts';

/** What one client may ask for. */
export interface Client {
  /** Names of other zones, by our forwarders; false where there are none. */
  recursion: boolean;
  /** Whole zones. */
  transfer: boolean;
  tcp: boolean;
}

/** What is done about a query. */
export type Decision =
  | { act: 'answer'; answer: Answer }
  /** The question is for the forwarders; behind a CNAME of ours, `own` says what comes before. */
  | { act: 'forward'; own: Answer | null }
  | { act: 'transfer'; zone: ServedZone };

/** Types that no record has (RFC 6895 §3.1): they ask for something of their own. */
const META = { first: 128, last: 255 } as const;

/** Decides what a query gets; no clock, no socket. */
export function decide(query: Query, client: Client, zones: ServedZones): Decision {
  const { question: { key, type, class: asked }, edns, opcode, flags } = query;
  if (edns !== null && edns.version > 0) return refuse(RCODE.BADVERS);
  if (opcode !== OPCODE.QUERY) return refuse(RCODE.NOTIMP);
  if (asked !== CLASS_IN) return refuse(RCODE.REFUSED);
  if (type === TYPE.AXFR || type === TYPE.IXFR) return transfer(query, client, zones.get(key));
  if (type >= META.first && type <= META.last && type !== TYPE.ANY) return refuse(RCODE.NOTIMP);
  const answer = answerFrom(zones, query.question);
  const mayForward = client.recursion && (flags & FLAG.RD) !== 0;
  if (answer === null) return mayForward && type !== TYPE.ANY ? { act: 'forward', own: null } : refuse(RCODE.REFUSED);
  return answer.elsewhere !== null && mayForward ? { act: 'forward', own: answer } : { act: 'answer', answer };
}

/** An IXFR is answered by the whole zone, unless there is nothing newer; by datagram by the serial alone (RFC 1995 §2, §4). */
function transfer({ question: { type }, serial }: Query, client: Client, zone: ServedZone | undefined): Decision {
  if (!client.transfer) return refuse(RCODE.REFUSED);
  if (zone === undefined) return refuse(RCODE.NOTAUTH);
  if (type === TYPE.IXFR && (!client.tcp || serial === zone.serial)) return { act: 'answer', answer: { ...nothing(RCODE.NOERROR), authoritative: true, answer: [zone.soa] } };
  return client.tcp ? { act: 'transfer', zone } : refuse(RCODE.REFUSED);
}

function refuse(rcode: number): Decision {
  return { act: 'answer', answer: nothing(rcode) };
}

/** An answer without records. */
export function nothing(rcode: number): Answer {
  return { rcode, authoritative: false, answer: [], authority: [], additional: [], elsewhere: null };
}

/** The answer as a message to the one who asked. */
export function messageOf(query: Query, client: Client, answer: Answer): Message {
  const asked = query.flags & (FLAG.RD | FLAG.CD | 0x7800);
  return {
    id: query.id,
    flags: FLAG.QR | asked | (answer.authoritative ? FLAG.AA : 0) | (client.recursion ? FLAG.RA : 0),
    rcode: answer.rcode,
    question: query.question,
    answer: answer.answer,
    authority: answer.authority,
    additional: answer.additional,
    edns: query.edns,
  };
}

/** Bytes that an answer may have. */
export function limitOf({ edns }: Query, { tcp }: Client): number {
  if (tcp) return 0xffff;
  // Less than 512 counts as 512 (RFC 6891 §6.2.3).
  return edns === null ? 512 : Math.max(512, Math.min(edns.size, UDP_SIZE));
}

/** The answer to what can't be read: the header alone. Null for what has none, and for responses, lest two servers answer each other for ever. */
export function formatError(data: Uint8Array): Buffer | null {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (bytes.length < 12) return null;
  const flags = bytes.readUInt16BE(2);
  if ((flags & FLAG.QR) !== 0) return null;
  const message = { id: bytes.readUInt16BE(0), flags: FLAG.QR | (flags & (FLAG.RD | 0x7800)), rcode: RCODE.FORMERR, question: null, answer: [], authority: [], additional: [], edns: null };
  return encodeMessage(message, 512);
}
