import { LunaError } from './errors.ts';

/** How many names a hostlist may stand for; a typing mistake must not fill the memory. */
export const HOSTLIST_LIMIT = 100_000;

/** Longer digit runs are no numbers to count with (serial numbers, hashes). */
const MAX_DIGITS = 12;

interface Range { low: number; high: number; width: number }
/** `rack[1-2]n[01-40]` = texts `rack`, `n`, `` around the ranges: always one text more than dimensions. */
interface Item { texts: string[]; dimensions: Range[][] }

/**
 * The names a hostlist stands for, in the order written, each once: `node[001-003,007]`, `a,b`, `rack[1-2]n[01-40]`.
 * Padding is kept as the lower end is written: `[001-003]` is 001 002 003, `[9-11]` is 9 10 11.
 * Throws {@link LunaError} `invalid` with a caret under the place, also when it stands for more than {@link HOSTLIST_LIMIT} names.
 */
export function expandHostlist(text: string): string[] {
  const items = parse(text);
  const total = items.reduce((sum, item) => sum + sizeOf(item), 0);
  if (total > HOSTLIST_LIMIT) {
    throw new LunaError('invalid', `hostlist ${text} stands for ${total} names, and ${HOSTLIST_LIMIT} is the limit`, 'Split it into several commands.');
  }
  const names = new Set<string>();
  for (const item of items) for (const name of namesOf(item)) names.add(name);
  return [...names];
}

function sizeOf(item: Item): number {
  return item.dimensions.reduce((product, ranges) => product * ranges.reduce((sum, r) => sum + r.high - r.low + 1, 0), 1);
}

function namesOf(item: Item): string[] {
  return item.dimensions.reduce(
    (prefixes, ranges, i) => prefixes.flatMap((prefix) => ranges.flatMap((range) => numbersOf(range).map((n) => prefix + n + (item.texts[i + 1] ?? '')))),
    [item.texts[0] ?? ''],
  );
}

function numbersOf({ low, high, width }: Range): string[] {
  return Array.from({ length: high - low + 1 }, (_, i) => String(low + i).padStart(width, '0'));
}

function parse(text: string): Item[] {
  const items: Item[] = [];
  let at = 0;
  while (at <= text.length) {
    const end = itemEnd(text, at);
    const raw = text.slice(at, end);
    const start = at + raw.length - raw.trimStart().length;
    if (raw.trim() === '') throw misplaced(text, start, text.trim() === '' ? 'it is empty' : 'a name is missing');
    items.push(parseItem(text, start, start + raw.trim().length));
    at = end + 1;
  }
  return items;
}

/** Where the item that starts at `from` ends: at a comma outside brackets. */
function itemEnd(text: string, from: number): number {
  let open = -1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '[') {
      if (open >= 0) throw misplaced(text, i, 'brackets can not stand within brackets');
      open = i;
    } else if (text[i] === ']') {
      if (open < 0) throw misplaced(text, i, 'this bracket was never opened');
      open = -1;
    } else if (text[i] === ',' && open < 0) return i;
  }
  if (open >= 0) throw misplaced(text, open, 'this bracket is never closed');
  return text.length;
}

function parseItem(text: string, start: number, end: number): Item {
  const item: Item = { texts: [], dimensions: [] };
  let at = start;
  for (;;) {
    const bracket = text.indexOf('[', at);
    const stop = bracket < 0 || bracket >= end ? end : bracket;
    item.texts.push(plain(text, at, stop));
    if (stop === end) return item;
    const close = text.indexOf(']', stop);
    item.dimensions.push(parseRanges(text, stop + 1, close));
    at = close + 1;
  }
}

function plain(text: string, start: number, end: number): string {
  const part = text.slice(start, end);
  const odd = part.search(/[^A-Za-z0-9._-]/);
  if (odd >= 0) throw misplaced(text, start + odd, `${JSON.stringify(part[odd])} can not stand in a name`);
  return part;
}

function parseRanges(text: string, start: number, end: number): Range[] {
  let at = start;
  return text.slice(start, end).split(',').map((part) => {
    const where = at;
    at += part.length + 1;
    const match = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part);
    if (!match) throw misplaced(text, where + badOffset(part), 'a number or a range like 001-005 belongs here');
    const [low = '', high = low] = match.slice(1);
    if (low.length > MAX_DIGITS || high.length > MAX_DIGITS) throw misplaced(text, where, `a number has at most ${MAX_DIGITS} digits`);
    if (Number(high) < Number(low)) throw misplaced(text, where, `this range runs backwards; write ${high}-${low}`);
    return { low: Number(low), high: Number(high), width: low.length };
  });
}

/** How far a broken range is right. */
function badOffset(part: string): number {
  return /^\s*(\d+(-\d*)?)?/.exec(part)?.[0].length ?? 0;
}

function misplaced(text: string, at: number, what: string): LunaError {
  return new LunaError('invalid', `hostlist: ${what}, at column ${at + 1}\n  ${text}\n  ${' '.repeat(at)}^`, 'Write it like: node[001-005,007],login01');
}
