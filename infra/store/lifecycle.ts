import type { RunSummary } from '../../domain/provision.ts';
import type { LunaStage } from '../../domain/stages.ts';
import { timeline } from '../../domain/timeline.ts';
import { bootOfRun, moveBoot } from './boots.ts';
import type { Store } from './connect.ts';
import { evidenceOf } from './evidence.ts';
import { removeOrdersOfRun } from './orders.ts';
import { endRun, runById } from './runs.ts';

/** How a run ended, as its last step or the reconciler tells it. */
export interface RunEnd {
  runId: string;
  nodeId: string;
  status: RunSummary['status'];
  stage: LunaStage;
  reason: string;
  next: string;
  /** Keep the identity of a live agent, so that a retry can reattach to it. */
  hold: boolean;
}

/** Ends a run: its identity first (from then on its agent gets nothing), then its order, then its summary. Safe to repeat. */
export async function closeRun(store: Store, end: RunEnd): Promise<void> {
  const boot = await bootOfRun(store, end.runId);
  const evidence = boot === null ? [] : await evidenceOf(store, boot.bootId);
  if (boot !== null) {
    const held = end.hold && await moveBoot(store, boot._id, ['live'], 'held');
    if (!held) await moveBoot(store, boot._id, ['armed', 'live', 'held', 'handedOver'], 'dead');
  }
  await removeOrdersOfRun(store, end.nodeId, end.runId);
  const run = await runById(store, end.runId);
  if (run === null) return;
  const endedAt = new Date().toISOString();
  const { status, stage, reason, next } = end;
  await endRun(store, end.runId, { status, stage, reason, next, endedAt, stages: timeline(run.stages, evidence, endedAt) });
}
