/** How long to wait for an answer, learnt from how long answers took. Milliseconds throughout. */
export interface RoundTrip {
  /** An answer came after so long. Answers to what was sent twice say nothing (Karn) and don't belong here. */
  measured(ms: number): void;
  /** The wait before the next repetition, after so many without an answer. */
  waitMs(repeats: number): number;
}

/** A repetition never comes sooner than this after the usual answer: a ROM that polls its card can be slow. */
const leastMarginMs = 50;
const firstWaitMs = 1000;

/** RFC 6298's estimate (mean and deviation), doubled at each repetition, so that a lossy wire costs milliseconds, not seconds; never above `mostMs`. */
export function createRoundTrip(mostMs: number): RoundTrip {
  let mean: number | null = null;
  let deviation = 0;

  return {
    measured(ms) {
      deviation = mean === null ? ms / 2 : deviation * 0.75 + Math.abs(ms - mean) * 0.25;
      mean = mean === null ? ms : mean * 0.875 + ms * 0.125;
    },
    waitMs(repeats) {
      const once = mean === null ? firstWaitMs : mean + Math.max(4 * deviation, leastMarginMs);
      return Math.min(once * 2 ** repeats, Math.max(mostMs, leastMarginMs));
    },
  };
}
