import { encodeMessage, sizeOfSet } from './message.ts';
import { FLAG, RCODE, TYPE } from './numbers.ts';
import type { Query } from './packet.ts';
import type { Rrset } from './rrset.ts';
import type { ServedZone } from './served-zone.ts';

/** Bytes of records in one message, before names are shortened. */
const FILLED = 32_000;

/** The messages of a zone transfer (RFC 5936 §2.2): the SOA, everything else, the SOA again. */
export function* transferOf(query: Query, zone: ServedZone): Iterable<Buffer> {
  let sets: Rrset[] = [];
  let size = 0;
  for (const set of recordsOf(zone)) {
    const bytes = sizeOfSet(set);
    if (size > 0 && size + bytes > FILLED) {
      yield message(query, sets);
      [sets, size] = [[], 0];
    }
    sets.push(set);
    size += bytes;
  }
  yield message(query, sets);
}

function* recordsOf({ soa, names }: ServedZone): Iterable<Rrset> {
  yield soa;
  for (const sets of names.values()) for (const set of sets.values()) if (set.type !== TYPE.SOA) yield* inPieces(set);
  yield soa;
}

/** A set that fills more than a message is sent as several. */
function* inPieces(set: Rrset): Iterable<Rrset> {
  if (sizeOfSet(set) <= FILLED) {
    yield set;
    return;
  }
  for (const data of set.data) yield { ...set, data: [data] };
}

function message({ id, question, edns }: Query, answer: readonly Rrset[]): Buffer {
  return encodeMessage({ id, flags: FLAG.QR | FLAG.AA, rcode: RCODE.NOERROR, question, answer, authority: [], additional: [], edns }, 0xffff);
}
