import type { ApiDeps } from '../../infra/api/deps.ts';

/** Boot services that track nobody. */
export const noSwarms: ApiDeps['swarms'] = { all: () => Promise.resolve([]), one: () => Promise.resolve(null), events: () => Promise.resolve([]) };
