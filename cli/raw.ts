/** A stored document as Luna 1 prints it: keys sorted, four spaces. */
export function rawText(document: unknown): string {
  return JSON.stringify(sorted(document), null, 4);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
