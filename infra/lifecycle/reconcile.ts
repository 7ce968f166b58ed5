import type { RunSummary } from '../../domain/provision.ts';
import type { Log } from '../log.ts';

export interface ReconcileDeps {
  openRuns(): Promise<RunSummary[]>;
  /** Ids of the runs that Temporal's index has as running: those need not be asked for one by one. */
  runningIds(): Promise<ReadonlySet<string>>;
  /** Temporal's status name of a run, or null when Temporal doesn't know it. */
  statusOf(workflowId: string, runId: string): Promise<string | null>;
  endRun(run: RunSummary, status: RunSummary['status'], reason: string): Promise<void>;
  log: Log;
}

const ENDED: Record<string, { status: RunSummary['status']; reason: string }> = {
  COMPLETED: { status: 'completed', reason: '' },
  FAILED: { status: 'failed', reason: 'the workflow failed without a word; see its history in the Web UI' },
  CANCELLED: { status: 'cancelled', reason: 'cancelled' },
  TERMINATED: { status: 'terminated', reason: 'terminated in Temporal, from outside luna' },
  TIMED_OUT: { status: 'timed-out', reason: 'ran longer than any run may' },
};

/** No stored status is wrong for long: a run that Temporal has ended is ended here too, and its node disarmed. */
export async function reconcile(deps: ReconcileDeps): Promise<number> {
  let repaired = 0;
  const open = await deps.openRuns();
  if (open.length === 0) return 0;
  const running = await deps.runningIds();
  for (const run of open.filter(({ _id }) => !running.has(_id))) {
    const status = await deps.statusOf(run.workflowId, run._id);
    const ended = status === null ? { status: 'terminated' as const, reason: 'Temporal no longer knows this run' } : ENDED[status];
    if (ended === undefined) continue;
    await deps.endRun(run, ended.status, ended.reason);
    deps.log.warn('run.repaired', { node: run.nodeName, runId: run._id, status: ended.status });
    repaired += 1;
  }
  return repaired;
}
