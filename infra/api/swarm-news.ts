import type { SwarmNews } from '../../domain/swarm.ts';

/** Tells, whenever it is called, what happened in swarms since the last time; nothing of what was before the first, and nothing while boot services are away. */
export function swarmNews(read: () => Promise<readonly SwarmNews[]>): () => Promise<SwarmNews[]> {
  let told: ReadonlySet<string> | null = null;
  return async () => {
    const there = await read().catch(() => null);
    if (there === null) return [];
    const keys = new Map(there.map((one) => [JSON.stringify(one), one]));
    const known = told;
    told = new Set(keys.keys());
    return known === null ? [] : [...keys].flatMap(([key, one]) => (known.has(key) ? [] : [one]));
  };
}
