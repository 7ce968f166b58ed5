import { median, rounded } from '../support/outcome.ts';
import type { SwarmResult } from './run.ts';

/** What a run comes to. Times of machines are those of the ones that could have the file, the last one counts. */
export interface Figures {
  /** Seconds until the last machine had it, and until half of them had; null when one never did. */
  last: number | null;
  half: number | null;
  /** Last ÷ ideal; for machines that arrive late, from the last arrival on. */
  x: number | null;
  /** Ideal ÷ the time of this percentile of machines. */
  share50: number | null;
  share99: number | null;
  good: number;
  expected: number;
}

/** Reads them from a result. */
export function figuresOf({ finished, started, lost, ideal }: SwarmResult): Figures {
  const expected = finished.map((_, i) => i).filter((i) => !lost.includes(i + 1));
  const times = expected.flatMap((i) => finished[i] ?? []).sort((a, b) => a - b);
  const lastArrival = Math.max(0, ...expected.map((i) => started[i] ?? 0));
  const at = (share: number): number | null => (times.length < expected.length ? null : times[Math.ceil(share * times.length) - 1] ?? null);
  const last = at(1);
  const shareOf = (time: number | null): number | null => (time === null ? null : rounded(ideal / time, 3));
  return {
    last, half: at(0.5), x: last === null ? null : (last - lastArrival) / ideal,
    share50: shareOf(at(0.5)), share99: shareOf(at(0.99)), good: times.length, expected: expected.length,
  };
}

/** The middle one of some figures; null when a run had none, or when there was no run. */
export function middle(values: readonly (number | null)[], digits = 3): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length < values.length || known.length === 0 ? null : rounded(median(known), digits);
}
