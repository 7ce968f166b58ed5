import type { Evidence } from '../../domain/evidence.ts';
import type { Boot, RunSummary } from '../../domain/provision.ts';
import type { Store } from './connect.ts';
import { lists } from './some-of.ts';

const runs = (store: Store) => store.db.collection<RunSummary>('runs');
const boots = (store: Store) => store.db.collection<Boot>('boots');

/** So many of a node's ended runs are kept: as many as its history shows. */
const KEPT = 100;
/** Documents are looked for so many at a time. */
const SLICE = 500;

/**
 * Forgets the oldest ended runs of nodes that have too many, with their evidence; returns how many runs. Looks at nodes
 * with a run that began at `since` (ISO 8601) or later; at all nodes, those that are gone too, when it is null.
 */
export async function trimRuns(store: Store, since: string | null, kept: number = KEPT): Promise<number> {
  let gone = 0;
  for (const nodeId of await nodesOfRuns(store, since)) gone += await trimNode(store, nodeId, kept);
  return gone;
}

/** Forgets boot identities that are dead and would have ended before `before` (ISO 8601) anyhow; returns how many. */
export async function trimBoots(store: Store, before: string): Promise<number> {
  let gone = 0;
  for (;;) {
    const old = await boots(store).find({ state: 'dead', deadline: { $lt: before } }, { projection: { _id: 1 } }).limit(SLICE).toArray();
    for (const list of lists(old.map(({ _id }) => _id))) await boots(store).deleteMany({ _id: { $in: list } });
    gone += old.length;
    if (old.length < SLICE) return gone;
  }
}

async function nodesOfRuns(store: Store, since: string | null): Promise<Iterable<string>> {
  if (since === null) return runs(store).distinct('nodeId');
  const begun = await runs(store).find({ startedAt: { $gte: since } }, { projection: { nodeId: 1 } }).toArray();
  return new Set(begun.map(({ nodeId }) => nodeId));
}

async function trimNode(store: Store, nodeId: string, kept: number): Promise<number> {
  let gone = 0;
  for (;;) {
    const over = await runs(store).find({ nodeId, status: { $ne: 'running' } }, { projection: { _id: 1 } }).sort({ startedAt: -1 }).skip(kept).limit(SLICE).toArray();
    for (const list of lists(over.map(({ _id }) => _id))) {
      // Evidence first: what a crash leaves is a run, and that is found again.
      await store.db.collection<Evidence>('evidence').deleteMany({ runId: { $in: list } });
      await runs(store).deleteMany({ _id: { $in: list } });
    }
    gone += over.length;
    if (over.length < SLICE) return gone;
  }
}
