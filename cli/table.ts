/** A column of a list: its title, what a row shows there, and the dotted path of the field that is. */
export interface Column<T> { title: string; cell: (row: T) => unknown; field?: string }

/** Luna 1's table: `| ` and the text, padded to the longest line of the column and four more; rulers of `+` and `-`. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  return grid(columns.map((c) => c.title), rows.map((row) => columns.map((c) => cellText(c.cell(row)))));
}

/** Luna 1's `show`: a row per property, `name` first, then by key, `comment` last. Keys in `references` print as `[name]`. */
export function properties(object: object, references: readonly string[] = []): string {
  const rows = Object.entries(object)
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .map(([key, value]) => [key, references.includes(key) && typeof value === 'string' ? `[${value}]` : cellText(value)]);
  return grid(['Parameter', 'Value'], rows);
}

/** What a value looks like in a cell: `-` for nothing, yes or no, a line per item of a list. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined || value === '') return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(cellText).join('\n');
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '-' : Object.entries(value).map(([key, item]) => `${key}=${cellText(item)}`).join(' ');
  return scalarText(value).replace(/\n+$/, '');
}

function scalarText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function rank(key: string): number {
  return key === 'name' ? 0 : key === 'comment' ? 2 : 1;
}

function grid(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [titles, ...rows].map((row) => row.map((cell) => (cell.includes('\n') ? cell.split('\n') : [cell]).map(printable)));
  const longest = (lines: readonly string[] = []): number => lines.reduce((most, line) => Math.max(most, line.length), 0);
  const widths = titles.map((_, i) => all.reduce((most, row) => Math.max(most, longest(row[i])), 0) + 4);
  const ruler = `${widths.map((width) => '+'.padEnd(width, '-')).join('')}+`;
  const [head = '', ...body] = all.map((row) => rowText(row, widths));
  return [ruler, head, ruler, ...body, ...(body.length > 0 ? [ruler] : [])].join('\n');
}

/** A row is as high as its highest cell; the others continue blank. */
function rowText(row: readonly (readonly string[])[], widths: readonly number[]): string {
  const height = Math.max(...row.map((lines) => lines.length));
  const line = (y: number): string => `${widths.map((width, x) => `| ${row[x]?.[y] ?? ''}`.padEnd(width)).join('')}|`;
  return Array.from({ length: height }, (_, y) => line(y)).join('\n');
}

/** Stored text may hold tabs and control characters; a terminal should see neither. */
function printable(line: string): string {
  // eslint-disable-next-line no-control-regex
  return /[\u0000-\u001f\u007f]/.test(line) ? line.replaceAll('\t', '    ').replaceAll(/[\u0000-\u001f\u007f]/g, '?') : line;
}
