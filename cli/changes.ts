/** Flags that are about the call, not about the object. */
const NOT_FIELDS: readonly string[] = ['json', 'debug', 'dry-run', 'name', 'file', 'clear', 'comment'];

/** The flags that were given, as the object's fields. An empty string clears what is named in `nullable`, as in Luna 1. */
export function changesOf(flags: object, nullable: readonly string[] = []): Record<string, unknown> {
  const given = Object.entries(flags).filter(([key, value]) => value !== undefined && !NOT_FIELDS.includes(key));
  return Object.fromEntries(given.map(([key, value]: [string, unknown]) => [key.replaceAll('-', '_'), value === '' && nullable.includes(key) ? null : value]));
}
