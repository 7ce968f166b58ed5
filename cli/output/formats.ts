import { cellText } from '../table.ts';

/** What `-o` may ask for. */
export const FORMATS = ['table', 'wide', 'json', 'yaml', 'csv', 'name'] as const;
export type Format = (typeof FORMATS)[number];

/** Comma-separated values as RFC 4180 has them, but with plain line feeds: titles, then a line per row. */
export function csvText(titles: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [titles, ...rows.map((row) => row.map(flat))].map((row) => row.map(quoted).join(',')).join('\n');
}

/** YAML of any data. The library is loaded only here: it costs as much as a whole short command. */
export async function yamlText(data: unknown): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(data, { lineWidth: 0 }).trimEnd();
}

/** A value on one line: nothing is empty, a list has spaces between its items. */
function flat(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(flat).join(' ');
  return cellText(value);
}

function quoted(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
