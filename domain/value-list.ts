import { LunaError } from './errors.ts';

/** What a list of values looks like in a file: ranges in brackets as in a hostlist, or the values themselves where that would not give them back. */
export type WrittenList = string | string[];

/**
 * Values in their order, as short as ranges say them: `10.30.0.1 10.30.0.2 10.30.0.3` is `10.30.0.[1-3]`. Unlike
 * names these keep their order, so only neighbours are drawn together.
 */
export function writeList(values: readonly string[]): WrittenList {
  const text = runsOf(values).map(writtenRun).join(',');
  return readable(text) && sameList(expanded(text), values) ? text : [...values];
}

/** The values of a written list; a list of `count` is expected. Throws LunaError `invalid` for another length. */
export function readList(written: WrittenList, count: number): string[] {
  const values = Array.isArray(written) ? written : expanded(written);
  if (values.length === count) return values;
  throw new LunaError('invalid', `stands for ${values.length} ${values.length === 1 ? 'value' : 'values'}, and there are ${count} nodes`);
}

/** `prefix`, a number as long as it is padded, `suffix`; `high` is the last one. */
interface Run { prefix: string; low: string; high: string; suffix: string }

function runsOf(values: readonly string[]): Run[] {
  const runs: Run[] = [];
  for (const value of values) {
    const [, prefix = '', number = '', suffix = ''] = /^(.*?)(\d{1,12})?(\D*)$/.exec(value) ?? [];
    const last = runs.at(-1);
    const next = last === undefined || last.high === '' ? '' : String(Number(last.high) + 1).padStart(last.low.length, '0');
    if (last && number !== '' && number === next && last.prefix === prefix && last.suffix === suffix) last.high = number;
    else runs.push({ prefix, low: number, high: number, suffix });
  }
  return runs;
}

function writtenRun({ prefix, low, high, suffix }: Run): string {
  return low === high ? prefix + low + suffix : `${prefix}[${low}-${high}]${suffix}`;
}

/** One item: a text with at most one bracket of numbers and ranges. */
const ITEM = /^([^[\],]*)(?:\[(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)\])?([^[\],]*)$/;
/** So many values are more than any list of nodes has. */
const LIMIT = 100_000;

function itemsOf(text: string): string[] {
  return text.split(/,(?![^[]*\])/).map((item) => item.trim());
}

function readable(text: string): boolean {
  return itemsOf(text).every((item) => item !== '' && ITEM.test(item));
}

/** `10.30.0.[254-255],10.30.1.[0-1]` as the four values that it stands for. Throws LunaError `invalid`. */
function expanded(text: string): string[] {
  const values: string[] = [];
  for (const item of itemsOf(text)) {
    const [, prefix = '', numbers, suffix = ''] = ITEM.exec(item) ?? [];
    if (item === '' || !ITEM.test(item)) throw new LunaError('invalid', `'${item}' is no value and no range such as 10.30.0.[1-72]`);
    for (const range of numbers?.split(',') ?? ['']) {
      const [low = '', high = low] = range.split('-');
      if (Number(high) - Number(low) > LIMIT - values.length) throw new LunaError('invalid', `'${item}' stands for too many values`);
      if (low === '') values.push(prefix + suffix);
      for (let n = Number(low); low !== '' && n <= Number(high); n += 1) values.push(prefix + String(n).padStart(low.length, '0') + suffix);
    }
  }
  return values;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
