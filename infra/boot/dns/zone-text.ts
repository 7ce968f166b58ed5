import { typeOf, type Word } from './rdata.ts';

/** A record as a zone file says it. */
export interface WrittenRecord {
  /** Counted from 1, for messages. */
  line: number;
  /** Absolute, without the final dot. */
  owner: string;
  /** Seconds; null where the text doesn't say. */
  ttl: number | null;
  /** As it was written. */
  type: string;
  words: Word[];
  /** What names without a final dot are below. */
  origin: string;
}

/** What a text holds, and the lines of it that are no records. */
export interface ZoneText { records: WrittenRecord[]; mistakes: { line: number; reason: string }[] }

/** One record or control, however many lines it has. `continues`: it begins with a blank, so the owner is that of the one before. */
interface Entry { line: number; continues: boolean; words: Word[] }

/**
 * Reads text in the form of RFC 1035 §5: `$ORIGIN`, `$TTL` (RFC 2308 §4), brackets over several lines, comments, names
 * and times left out. `$INCLUDE` and `$GENERATE` are mistakes. A mistake costs its record, never the text.
 */
export function readZoneText(text: string, zone: string): ZoneText {
  const found: ZoneText = { records: [], mistakes: [] };
  let origin = zone;
  let owner = zone;
  let ttl: number | null = null;
  for (const { line, continues, words } of entriesOf(text, found.mistakes)) {
    const [first, second] = words;
    if (first === undefined) continue;
    const control = !continues && !first.quoted && first.text.startsWith('$') ? first.text.toUpperCase() : null;
    if (control === '$ORIGIN' && second !== undefined) origin = absoluteName(second.text, origin);
    else if (control === '$TTL' && second !== undefined && secondsOf(second.text) !== null) ttl = secondsOf(second.text);
    else if (control !== null) found.mistakes.push({ line, reason: `${first.text} is not understood` });
    else {
      if (!continues) owner = absoluteName(first.text, origin);
      const record = recordOf(continues ? words : words.slice(1));
      if (record === null) found.mistakes.push({ line, reason: 'no type of record that is known: a name, perhaps a TTL and IN, a type, its data' });
      else found.records.push({ line, owner, ttl: record.ttl ?? ttl, type: record.type, words: record.words, origin });
    }
  }
  return found;
}

/** A name of a zone file as an absolute one without its final dot. */
export function absoluteName(name: string, origin: string): string {
  if (name === '@') return origin;
  if (/(^|[^\\])(\\\\)*\.$/.test(name)) return name.slice(0, -1);
  return origin === '' ? name : `${name}.${origin}`;
}

/** TTL and class may stand in either order, or not at all. */
function recordOf(words: readonly Word[]): { ttl: number | null; type: string; words: Word[] } | null {
  let ttl: number | null = null;
  for (const [at, { text }] of words.slice(0, 3).entries()) {
    if (typeOf(text) !== null) return { ttl, type: text, words: words.slice(at + 1) };
    const seconds = secondsOf(text);
    if (seconds !== null) ttl = seconds;
    else if (!/^IN$/i.test(text)) return null;
  }
  return null;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `3600`, and `1h30m` as BIND has it. */
function secondsOf(text: string): number | null {
  if (!/^(\d{1,10}[smhdw]?)+$/i.test(text)) return null;
  const seconds = [...text.matchAll(/(\d+)([smhdw]?)/gi)].reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[(unit ?? '').toLowerCase()] ?? 1), 0);
  return seconds < 2 ** 31 ? seconds : null;
}

/** A blank, a comment, a bracket, a text in quotes, or a word. */
const PIECE = /([ \t\r]+)|(;.*)|([()])|"((?:[^"\\]|\\[^])*)"|((?:[^\s;()"\\]|\\[^])+)|(.)/y;

function* entriesOf(text: string, mistakes: ZoneText['mistakes']): Iterable<Entry> {
  let entry: Entry | null = null;
  let open = 0;
  for (const [index, source] of text.split('\n').entries()) {
    entry ??= { line: index + 1, continues: /^[ \t]/.test(source), words: [] };
    for (const [, , , bracket, quoted, word, stray] of source.matchAll(new RegExp(PIECE, 'gy'))) {
      if (bracket === '(') open++;
      else if (bracket === ')') open = Math.max(0, open - 1);
      else if (quoted !== undefined) entry.words.push({ text: quoted, quoted: true });
      else if (word !== undefined) entry.words.push({ text: word, quoted: false });
      else if (stray !== undefined) mistakes.push({ line: index + 1, reason: `a ${stray} that belongs to nothing` });
    }
    if (open > 0) continue;
    yield entry;
    entry = null;
  }
  if (entry !== null) mistakes.push({ line: entry.line, reason: 'a bracket is not closed' });
}
