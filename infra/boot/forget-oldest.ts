/**
 * Keeps a map at `most` entries: those that were inserted first go, an eighth of all at once. One at a time would cost more
 * the more had gone before, because a map's beginning is walked over from its first removed entry each time.
 */
export function forgetOldest(map: Map<string, unknown>, most: number): void {
  if (map.size <= most) return;
  let left = Math.max(1, map.size - most, most >> 3);
  for (const oldest of map.keys()) {
    map.delete(oldest);
    left -= 1;
    if (left === 0) return;
  }
}
