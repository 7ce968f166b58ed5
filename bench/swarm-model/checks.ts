import { swarmRows } from '../swarm/rows.ts';
import type { Case } from './case.ts';

/** A run that is measured too: the row of the benchmark `swarm` that has its name. */
export interface Check { readonly name: string; readonly site: string; readonly plan: Case }

/** What all cases of the benchmark have in common: blocks of 16 KiB, no switches. */
const common = { blockLength: 16 * 1024, stripes: 3, switches: null, switchesKnown: false, seed: 1 } as const;

/** The rows of `swarm` with luna's own peer. */
export const checks: readonly Check[] = swarmRows(1).filter(({ settings }) => settings.client === 'luna').map(({ name, slow, settings }) => {
  const { machines, mbit, bytes, pieceLength, stagger } = settings;
  return {
    name,
    site: `${machines} × ${mbit} Mbit/s, ${bytes / 1024 / 1024} MiB`,
    plan: { ...common, machines, rate: (mbit * 1e6) / 8, bytes, pieceLength, stagger: stagger ?? 0, slow: slow ?? null },
  };
});
