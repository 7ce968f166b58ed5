import type { Case } from './case.ts';

/** A run that is measured too: the row of the benchmark `swarm` that has its name. */
export interface Check { readonly name: string; readonly site: string; readonly plan: Case }

const MiB = 1024 * 1024;

/** What all cases of the benchmark have in common: blocks of 16 KiB, pieces of 32 KiB, no switches. */
const common = { pieceLength: 32 * 1024, blockLength: 16 * 1024, stripes: 3, switches: null, switchesKnown: false, stagger: 0, slow: null, seed: 1 } as const;

const site = (machines: number, mbit: number, mib: number): Pick<Check, 'site' | 'plan'> => ({
  site: `${machines} × ${mbit} Mbit/s, ${mib} MiB`,
  plan: { ...common, machines, rate: (mbit * 1e6) / 8, bytes: mib * MiB },
});

const of36 = site(36, 8, 20);

/** The rows of `swarm` with luna's own peer. */
export const checks: readonly Check[] = [
  { name: 'luna 1', ...site(1, 5, 32) },
  { name: 'luna 8', ...site(8, 16, 40) },
  { name: 'luna 36', ...of36 },
  { name: 'luna 72', ...site(72, 5, 32) },
  { name: 'luna 36 slow inner', ...of36, plan: { ...of36.plan, slow: 'inner' } },
  { name: 'luna 36 slow root', ...of36, plan: { ...of36.plan, slow: 'root' } },
  { name: 'luna 36 stagger', ...of36, plan: { ...of36.plan, stagger: 5 } },
];
