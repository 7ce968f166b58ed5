import { LunaError } from './errors.ts';

/** Longer digit runs are no numbers to count with (serial numbers, hashes). */
const MAX_DIGITS = 12;

/** How an item meets what stands before it: added, taken away, common to both, in one only. */
export type HostlistOperator = ',' | '!' | '&' | '^';

/** `low` to `high` in steps, written with at least `width` digits. */
export interface HostlistRange { low: number; high: number; step: number; width: number }

/**
 * `rack[1-2]n[01-40]` = texts `rack`, `n`, `` around the ranges: always one text more than dimensions. `group`: it names
 * groups (`@rack[1-2]`), not nodes. `at`: where it begins in the text.
 */
export interface HostlistItem { operator: HostlistOperator; group: boolean; texts: string[]; dimensions: HostlistRange[][]; at: number }

/** The items of a hostlist in the order written. Throws {@link LunaError} `invalid` with a caret under the place. */
export function parseHostlist(text: string): HostlistItem[] {
  const items: HostlistItem[] = [];
  let operator: HostlistOperator = ',';
  let at = 0;
  for (;;) {
    const end = itemEnd(text, at);
    const raw = text.slice(at, end);
    const start = at + raw.length - raw.trimStart().length;
    if (raw.trim() === '') throw misplaced(text, start, text.trim() === '' ? 'it is empty' : 'a name is missing');
    items.push({ operator, ...parseItem(text, start, start + raw.trim().length) });
    if (end === text.length) return items;
    operator = text[end] as HostlistOperator;
    at = end + 1;
  }
}

/** Where the item that starts at `from` ends: at an operator outside brackets. */
function itemEnd(text: string, from: number): number {
  let open = -1;
  for (let i = from; i < text.length; i += 1) {
    if (text[i] === '[') {
      if (open >= 0) throw misplaced(text, i, 'brackets can not stand within brackets');
      open = i;
    } else if (text[i] === ']') {
      if (open < 0) throw misplaced(text, i, 'this bracket was never opened');
      open = -1;
    } else if (open < 0 && ',!&^'.includes(text[i] ?? '')) return i;
  }
  if (open >= 0) throw misplaced(text, open, 'this bracket is never closed');
  return text.length;
}

function parseItem(text: string, start: number, end: number): Omit<HostlistItem, 'operator'> {
  const group = text[start] === '@';
  let at = group ? start + 1 : start;
  if (group && at === end) throw misplaced(text, at, 'the name of a group is missing');
  const item: Omit<HostlistItem, 'operator'> = { group, texts: [], dimensions: [], at: start };
  if (group && text.slice(at, end) === '*') return { ...item, texts: ['*'] };
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

function parseRanges(text: string, start: number, end: number): HostlistRange[] {
  let at = start;
  return text.slice(start, end).split(',').map((part) => {
    const where = at;
    at += part.length + 1;
    const match = /^\s*(\d+)(?:-(\d+)(?:\/(\d+))?)?\s*$/.exec(part);
    if (!match) throw misplaced(text, where + badOffset(part), 'a number or a range like 001-005 or 1-9/2 belongs here');
    const [low = '', high = low, step = '1'] = match.slice(1);
    if (low.length > MAX_DIGITS || high.length > MAX_DIGITS) throw misplaced(text, where, `a number has at most ${MAX_DIGITS} digits`);
    if (Number(high) < Number(low)) throw misplaced(text, where, `this range runs backwards; write ${high}-${low}`);
    if (low.length !== high.length && (isPadded(low) || isPadded(high))) throw misplaced(text, where, `${low} and ${high} are padded with zeros to different lengths`);
    if (Number(step) === 0) throw misplaced(text, where, 'a step of 0 leads nowhere');
    return { low: Number(low), high: Number(high), step: Number(step), width: low.length };
  });
}

function isPadded(digits: string): boolean {
  return digits.length > 1 && digits.startsWith('0');
}

/** How far a broken range is right. */
function badOffset(part: string): number {
  return /^\s*(\d+(-(\d+(\/\d*)?)?)?)?/.exec(part)?.[0].length ?? 0;
}

/** The refusal of a hostlist, with a caret under the place. */
export function misplaced(text: string, at: number, what: string): LunaError {
  return new LunaError('invalid', `hostlist: ${what}, at column ${at + 1}\n  ${text}\n  ${' '.repeat(at)}^`, 'Write it like: node[001-005,007],login01 (luna help hostlists)');
}
