/** A part that served this long is healthy again: its next failure starts from the shortest pause. */
const forgivenAfterMs = 60_000;
const shortestMs = 500;
const longestMs = 30_000;

/** How long to wait before start number `failures + 1`: 0.5 s, 1 s, 2 s … 30 s. */
export function pauseBefore(failures: number): number {
  return Math.min(longestMs, shortestMs * 2 ** Math.max(0, failures - 1));
}

/** The number of failures in a row after one more, given how long the part had served. */
export function countFailure(failures: number, servedMs: number): number {
  return servedMs >= forgivenAfterMs ? 1 : failures + 1;
}
