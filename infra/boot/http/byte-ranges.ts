/** Bytes of a file, `end` not among them. */
export interface ByteRange { start: number; end: number }

/** What a `Range` header asks of a file: all of it, these parts of it, or what it doesn't have. */
export type Asked = { kind: 'whole' } | { kind: 'parts'; parts: readonly ByteRange[] } | { kind: 'unsatisfiable' };

/** More parts than this in one request are nothing a boot program asks for. */
const MOST_PARTS = 16;

const WHOLE: Asked = { kind: 'whole' };

/**
 * Reads a `Range` header for a file of `size` bytes (RFC 9110 §14.1.2). What is not a range of bytes is no range at all and
 * means the whole file (§14.2). Parts that overlap, or more than 16 of them, are refused as a way to make a server send
 * one file many times over (§17.15); parts that touch are one.
 */
export function byteRanges(header: string | undefined, size: number): Asked {
  const list = /^bytes=(.+)$/i.exec(header?.trim() ?? '')?.[1];
  if (list === undefined) return WHOLE;
  const specs = list.split(',').map((spec) => spec.trim()).filter((spec) => spec !== '');
  const ranges: ByteRange[] = [];
  for (const spec of specs) {
    const range = rangeOf(spec, size);
    if (range === null) return WHOLE;
    if (range.start < range.end) ranges.push(range);
  }
  if (specs.length === 0) return WHOLE;
  const parts = joined(ranges);
  return specs.length > MOST_PARTS || parts.length === 0 || overlap(parts) ? { kind: 'unsatisfiable' } : { kind: 'parts', parts };
}

/** `first-last`, `first-` or `-length`; empty when the file has no such bytes, null when it is none of these. */
function rangeOf(spec: string, size: number): ByteRange | null {
  const match = /^(\d{0,15})-(\d{0,15})$/.exec(spec);
  if (match === null || spec === '-') return null;
  const [, first = '', last = ''] = match;
  if (first === '') return { start: Math.max(0, size - Number(last)), end: size };
  if (last !== '' && Number(last) < Number(first)) return null;
  return { start: Math.min(Number(first), size), end: Math.min(last === '' ? size : Number(last) + 1, size) };
}

/** Neighbours that follow each other without a gap become one. */
function joined(ranges: readonly ByteRange[]): ByteRange[] {
  const parts: ByteRange[] = [];
  for (const range of ranges) {
    const before = parts.at(-1);
    if (before?.end === range.start) before.end = range.end;
    else parts.push({ ...range });
  }
  return parts;
}

function overlap(parts: readonly ByteRange[]): boolean {
  const sorted = [...parts].sort((a, b) => a.start - b.start);
  return sorted.some((part, i) => part.start < (sorted[i - 1]?.end ?? 0));
}
