import type { Artefact, Osimage } from '../../domain/osimage.ts';
import type { SwarmRecord } from '../../domain/swarm.ts';
import { SPARE, unusedArtefacts } from '../../domain/unused-artefacts.ts';
import { allArtefacts } from './artefacts.ts';
import { openBoots } from './boots.ts';
import { changes } from './changes.ts';
import type { Store } from './connect.ts';
import { openRuns } from './runs.ts';

/** Nothing honest loads its image for so long after its identity should have ended: a machine that failed and was left so. */
const FORGOTTEN_MS = 7 * 24 * 3_600_000;

/** The packed versions that nobody uses any more. `now`: milliseconds since 1970. */
export async function findUnusedArtefacts(store: Store, now: number): Promise<Artefact[]> {
  const artefacts = await allArtefacts(store);
  const osimages = new Map((await store.db.collection<Osimage>('osimages').find({}).toArray()).map((one) => [one._id, one]));
  const perhaps = [...Map.groupBy(artefacts, ({ osimage }) => osimage)].filter(([id, versions]) => !osimages.has(id) || versions.length > SPARE);
  if (perhaps.length === 0) return [];
  const left = new Map<string, string>();
  for (const [id] of perhaps) await noteLeft(store, id, left);
  return unusedArtefacts(artefacts, { osimages, left, ...await inFlight(store, osimages, now) }, now);
}

/** What the history says of an image's pointer: the last time it left each version. */
async function noteLeft(store: Store, osimage: string, left: Map<string, string>): Promise<void> {
  const lines = await changes(store).find({ id: osimage }).toArray();
  for (const { kind, at, diff } of lines) {
    const before = kind === 'osimage' ? diff['current']?.[0] : undefined;
    if (typeof before === 'string' && at > (left.get(before) ?? '')) left.set(before, at);
  }
}

/** Versions that machines boot or load; images of runs that have decided on a version and not yet named it to anybody. */
async function inFlight(store: Store, osimages: ReadonlyMap<string, Osimage>, now: number): Promise<{ named: Set<string>; beginning: Set<string> }> {
  // Runs before boots: a run that is armed in between is found among the latter.
  const runs = new Map((await openRuns(store)).map((run) => [run._id, run]));
  const boots = await openBoots(store);
  const waves = await store.db.collection<SwarmRecord>('swarms').find({ endedAt: null }).toArray();
  const forgotten = new Date(now - FORGOTTEN_MS).toISOString();
  const booting = boots.filter(({ runId, deadline }) => runs.has(runId) || deadline > forgotten);
  const armed = new Set(boots.map(({ runId }) => runId));
  const names = new Set([...runs.values()].filter(({ _id }) => !armed.has(_id)).map(({ osimageName }) => osimageName));
  return {
    named: new Set([...booting, ...waves].map(({ artefact }) => artefact)),
    beginning: new Set([...osimages.values()].filter(({ name }) => names.has(name)).map(({ _id }) => _id)),
  };
}
