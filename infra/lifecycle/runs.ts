import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { LunaError } from '../../domain/errors.ts';
import { provisionWorkflowId, type ProvisionInput } from '../../domain/provision.ts';
import type { LunaStage } from '../../domain/stages.ts';
import { callTemporal, ignoreNotFound } from './call.ts';

/** What the Web UI shows and filters by. */
export interface RunLabels {
  groupName: string;
  osimageName: string;
}

export interface StartedRun {
  workflowId: string;
  runId: string;
  /** True when a run was going on already and this start joined it. */
  attached: boolean;
}

/** No luna run is older than this. */
const LONGEST_RUN = '12 hours';

const attribute = (name: string) => defineSearchAttributeKey(name, SearchAttributeType.KEYWORD);

/** Starts, joins, cancels and steers the runs of nodes. Throws LunaError `unavailable` while Temporal is away. */
export function createRuns(client: Client) {
  const handleOf = (nodeId: string): WorkflowHandle => client.workflow.getHandle(provisionWorkflowId(nodeId));

  return {
    /** Starts a node's run, or joins the one going on; joining with other inputs is refused. */
    async start(input: ProvisionInput, labels: RunLabels): Promise<StartedRun> {
      return callTemporal(client, async () => {
        const ticket = randomUUID();
        const handle = await client.workflow.start('provisionNode', {
          workflowId: provisionWorkflowId(input.nodeId),
          taskQueue: 'lifecycle',
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowExecutionTimeout: LONGEST_RUN,
          staticSummary: `${input.nodeName}: install ${labels.osimageName} (group ${labels.groupName})`,
          memo: { ticket, input },
          typedSearchAttributes: [
            { key: attribute('LunaNode'), value: input.nodeName },
            { key: attribute('LunaGroup'), value: labels.groupName },
            { key: attribute('LunaImage'), value: labels.osimageName },
            { key: attribute('LunaStage'), value: 'plan' },
          ],
        });
        const { memo, runId } = await handle.describe();
        const attached = memo?.['ticket'] !== ticket;
        if (attached) refuseOtherInputs(memo?.['input'] as ProvisionInput | undefined, input);
        return { workflowId: handle.workflowId, runId, attached };
      });
    },

    /** Asks a node's run to end; its agent is told to stop. False when none is going on. */
    async cancel(nodeId: string): Promise<boolean> {
      return callTemporal(client, async () => {
        const described = await handleOf(nodeId).describe().catch(ignoreNotFound);
        if (described?.status.name !== 'RUNNING') return false;
        await handleOf(nodeId).cancel();
        return true;
      });
    },

    /** Has the row that is waited for run again, or taken as done. Answers its name. Throws `not-found` when no run is open, `conflict` when it waits for no row. */
    async steer(nodeId: string, action: 'retry' | 'skip'): Promise<string> {
      return callTemporal(client, () => handleOf(nodeId).executeUpdate<string, []>(action === 'retry' ? 'retryRow' : 'skipRow'));
    },

    /** Run ids of the runs that go on, as far as Temporal's index of workflows knows: it may lag behind by some seconds. */
    async runningIds(): Promise<Set<string>> {
      const ids = new Set<string>();
      await callTemporal(client, async () => {
        for await (const { runId } of client.workflow.list({ query: "WorkflowType = 'provisionNode' AND ExecutionStatus = 'Running'" })) ids.add(runId);
      });
      return ids;
    },

    /** How a run stands in Temporal: its status name, or null when Temporal doesn't know it (any more). */
    async statusOf(workflowId: string, runId: string): Promise<string | null> {
      return callTemporal(client, async () => (await client.workflow.getHandle(workflowId, runId).describe().catch(ignoreNotFound))?.status.name ?? null);
    },
  };
}

function refuseOtherInputs(running: ProvisionInput | undefined, asked: ProvisionInput): void {
  if (running === undefined || asked.from === null || running.from === asked.from) return;
  throw new LunaError(
    'conflict', `${asked.nodeName} is being provisioned already, ${from(running.from)}, not ${from(asked.from)}`, `luna provision cancel ${asked.nodeName}`,
  );
}

const from = (stage: LunaStage | null): string => (stage === null ? 'from its beginning' : `from ${stage}`);
