/** The word that was probably meant: the nearest of those known, if it is near enough to be a typing mistake. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  // One mistake in a short word, two in one of five letters, three in a long one.
  let limit = Math.min(3, Math.floor((word.length + 3) / 4)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) >= limit && !candidate.startsWith(word)) continue;
    const far = candidate.startsWith(word) && word.length >= 3 ? 1 : distance(word.toLowerCase(), candidate.toLowerCase());
    if (far < limit) [best, limit] = [candidate, far];
    if (far === 0) break;
  }
  return best;
}

/** How many letters have to be put in, left out, changed or swapped with a neighbour. */
export function distance(a: string, b: string): number {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      next.push(least);
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
