import type { RunSummary } from '../../domain/provision.ts';
import type { LunaStage } from '../../domain/stages.ts';
import type { Store } from './connect.ts';

const runs = (store: Store) => store.db.collection<RunSummary>('runs');

/** Notes that a run began; a second call for the same run changes nothing. */
export async function startRun(store: Store, run: RunSummary): Promise<void> {
  await runs(store).updateOne({ _id: run._id }, { $setOnInsert: run }, { upsert: true });
}

/** Notes that a run entered a stage; entering it again is a new line. */
export async function enterStage(store: Store, runId: string, stage: LunaStage, at: string): Promise<void> {
  await runs(store).updateOne(
    { _id: runId, status: 'running' },
    { $set: { stage }, $push: { stages: { stage, startedAt: at, endedAt: null, status: 'running' } } },
  );
}

/** How a run ended: written once; a later word about an ended run is ignored. */
export async function endRun(
  store: Store, runId: string, end: Pick<RunSummary, 'status' | 'reason' | 'next' | 'stages'> & { endedAt: string; stage: LunaStage },
): Promise<boolean> {
  const ended = await runs(store).updateOne({ _id: runId, status: 'running' }, { $set: end });
  return ended.modifiedCount === 1;
}

/** One run, or null. */
export async function runById(store: Store, runId: string): Promise<RunSummary | null> {
  return runs(store).findOne({ _id: runId });
}

/** Runs that have not ended. */
export async function openRuns(store: Store): Promise<RunSummary[]> {
  return runs(store).find({ status: 'running' }).toArray();
}

/** Runs of a node, newest first. */
export async function runsOf(store: Store, nodeId: string, limit: number): Promise<RunSummary[]> {
  return runs(store).find({ nodeId }).sort({ startedAt: -1 }).limit(limit).toArray();
}

/** The newest run of each of a few nodes, a query for each. (Of many and all: newest-runs.ts.) */
export async function newestRuns(store: Store, nodeIds: readonly string[]): Promise<RunSummary[]> {
  const newest: RunSummary[] = [];
  for (const nodeId of new Set(nodeIds)) newest.push(...await runsOf(store, nodeId, 1));
  return newest;
}
