import { join } from 'node:path';
import type { SwarmNews, SwarmSummary, SwarmView } from '../domain/swarm.ts';
import { askOn } from '../infra/told-socket.ts';

/** Where the process that tracks tells of its swarms. */
export const swarmSocket = (runDir: string): string => join(runDir, 'boot.swarms');

/** How the API asks for them: all in sum; or one with its machines, null when nobody tracks it. Reject when the boot process does not answer. */
export function askSwarms(runDir: string): { all(): Promise<SwarmSummary[]>; one(infoHash: string): Promise<SwarmView | null>; events(): Promise<SwarmNews[]> } {
  return {
    all: async () => await askOn(swarmSocket(runDir)) as SwarmSummary[],
    one: async (infoHash) => await askOn(swarmSocket(runDir), `/${infoHash}`) as SwarmView | null,
    events: async () => await askOn(swarmSocket(runDir), '/events') as SwarmNews[],
  };
}
