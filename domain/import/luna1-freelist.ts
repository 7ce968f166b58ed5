import type { IpVersion } from '../subnet.ts';
import { bigOf, type Doc, mapOf } from './luna1-documents.ts';

/** More gaps than this are not listed: an IPv6 network has more addresses than can be counted. */
const MOST = 70_000n;

/** The relative addresses of a network that its free list doesn't have (luna-1 §2.5); none when it has no free list. */
export function freeGaps(document: Doc, prefix: number, version: IpVersion): bigint[] {
  const { freelist } = document;
  if (!Array.isArray(freelist)) return [];
  const ranges = freelist.map((range) => ({ start: bigOf(mapOf(range)['start']), end: bigOf(mapOf(range)['end']) }))
    .flatMap(({ start, end }) => start === undefined || end === undefined ? [] : [{ start, end }])
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  const last = (1n << BigInt((version === 4 ? 32 : 128) - prefix)) - 2n;
  const gaps: bigint[] = [];
  let next = 1n;
  for (const { start, end } of [...ranges, { start: last + 1n, end: last + 1n }]) {
    if (start - next > MOST) return gaps;
    for (; next < start; next += 1n) gaps.push(next);
    next = end + 1n > next ? end + 1n : next;
  }
  return gaps;
}
