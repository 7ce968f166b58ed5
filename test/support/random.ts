/** Numbers that look random and are the same for the same seed, so that a failure can be had again. */
export interface Random {
  /** A whole number from 0 to below `n`. */
  below(n: number): number;
  /** One of some values. */
  of<T>(values: readonly T[]): T;
  /** True once in `n` times. */
  once(n: number): boolean;
}

/** Seeded random numbers: mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return { below, of: (values) => values[below(values.length)] as never, once: (n) => below(n) === 0 };
}
