/** A name cut at its numbers (those short enough to count with): `rack1n01` is `rack`, `1`, `n`, `01`, ``; the odd places are numbers or, once folded, `[…]`. */
type Parts = string[];

/**
 * The shortest usual way to write names: `node001 node002 node003` is `node[001-003]`. Sorted by name, numbers counted as
 * numbers; `expandHostlist(foldHostlist(names))` gives the same names back, each once.
 */
export function foldHostlist(names: readonly string[]): string {
  const unique = [...new Set(names)].sort(byName);
  let rows = unique.map((name): Parts => name.split(/(?<!\d)(\d{1,12})(?!\d)/));
  const dimensions = Math.max(0, ...rows.map((row) => (row.length - 1) / 2));
  // The last number first: rows that then differ in one earlier number only become one row as well.
  for (let d = dimensions - 1; d >= 0; d -= 1) rows = foldAt(rows, 2 * d + 1);
  return rows.map((row) => row.join('')).join(',');
}

/** Order of names for people: numbers count as numbers. */
export function byName(a: string, b: string): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

/** Made when it is first used: it loads the rules of a language, 12 ms that most commands can save. */
let collator: Intl.Collator | undefined;

function foldAt(rows: Parts[], place: number): Parts[] {
  const groups = new Map<string, { row: Parts; numbers: string[] }>();
  for (const row of rows) {
    const key = row.map((part, i) => (i === place ? '' : part)).join('\0');
    const group = groups.get(key);
    if (group) group.numbers.push(row[place] ?? '');
    else groups.set(key, { row, numbers: row.length > place ? [row[place] ?? ''] : [] });
  }
  return [...groups.values()].map(({ row, numbers }) => row.map((part, i) => (i === place && numbers.length > 1 ? `[${ranges(numbers)}]` : part)));
}

/** `001 002 003 7` as `001-003,7`. Whoever continues a run is written as long as its first number pads it. */
function ranges(numbers: string[]): string {
  const runs: { low: string; high: string }[] = [];
  const waiting = new Map<string, { low: string; high: string }>();
  for (const text of numbers) {
    const run = waiting.get(text) ?? { low: text, high: text };
    if (!waiting.delete(text)) runs.push(run);
    run.high = text;
    const next = String(Number(text) + 1).padStart(run.low.length, '0');
    // `[01-100]` would leave open how 1 to 99 are padded; expandHostlist refuses it.
    if (next.length === run.low.length || !/^0./.test(run.low)) waiting.set(next, run);
  }
  return runs.map(({ low, high }) => (low === high ? low : `${low}-${high}`)).join(',');
}
