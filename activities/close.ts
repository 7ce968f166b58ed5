import { activityInfo } from '@temporalio/activity';
import type { ProvisionInput, RunSummary } from '../domain/provision.ts';
import type { LunaStage } from '../domain/stages.ts';

export interface CloseDeps {
  /** Words for a failure: what was seen, and what to type next. */
  explain(failure: { nodeId: string; nodeName: string; stage: LunaStage; type: string; message: string; next: string | null }): Promise<{ reason: string; next: string; stage: LunaStage }>;
  /** Ends the run's summary, removes its order, and ends its boot identity (held while a live agent may be reattached). */
  endRun(end: {
    runId: string; nodeId: string; status: RunSummary['status']; stage: LunaStage; reason: string; next: string; hold: boolean;
  }): Promise<void>;
}

/** The last step of every run, whatever became of it. */
export function createCloseActivities(deps: CloseDeps) {
  return {
    /** Disarms and writes down how the run ended. Answers the reason as one text for the Web UI. */
    async close({ input, status, stage, failure }: {
      input: ProvisionInput; status: 'completed' | 'failed' | 'cancelled'; stage: LunaStage;
      failure: { stage: LunaStage; type: string; message: string; next: string | null } | null;
    }): Promise<string> {
      const runId = activityInfo().workflowExecution?.runId ?? '';
      const told = failure === null
        ? { reason: status === 'cancelled' ? `cancelled in ${stage}` : '', next: status === 'cancelled' ? `luna provision ${input.nodeName}` : '', stage }
        : await deps.explain({ nodeId: input.nodeId, nodeName: input.nodeName, ...failure });
      await deps.endRun({ runId, nodeId: input.nodeId, status, hold: status === 'failed', ...told });
      return told.next === '' ? told.reason : `${told.reason}\n\nnext: ${told.next}`;
    },
  };
}
