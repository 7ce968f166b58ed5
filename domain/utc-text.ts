/** A time in ISO 8601 for people, in UTC without what they don't read: `2026-05-01 10:31:07`. */
export function utcText(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}
