import { activityInfo, ApplicationFailure, CompleteAsyncError } from '@temporalio/activity';
import type { Evidence } from '../domain/evidence.ts';
import type { Order } from '../domain/provision.ts';
import { rowOutcome } from '../domain/row-outcome.ts';
import { stagesOf, type AwaitedRow, type LunaStage } from '../domain/stages.ts';
import { ATTEMPTS_PER_TRY } from '../domain/superseded.ts';

export interface NodeStageDeps {
  putOrder(order: Order): Promise<void>;
  removeOrder(order: Order): Promise<void>;
  /** What is known of some stages of a boot. */
  evidenceOf(bootId: string, stages: readonly LunaStage[]): Promise<Evidence[]>;
  enterStage(runId: string, stage: LunaStage): Promise<void>;
  /** Milliseconds since the node's agent was last heard, or null if it never was. */
  silence(nodeId: string): Promise<number | null>;
}

/** What every awaited row is given. `tries`: how often an operator had the row run again. */
export interface RowInput {
  nodeId: string;
  nodeName: string;
  bootId: string;
  tries: number;
  skip: LunaStage[];
}

/** An agent silent for this long is lost: it asks or reports at least every 25 s. */
const LOST_MS = 60_000;

/**
 * The rows that end by evidence from outside. Each leaves an order with its task token, then looks for evidence that is
 * already there (packets may beat the activity), and otherwise is completed by whoever delivers the evidence.
 */
export function createNodeStageActivities(deps: NodeStageDeps) {
  const awaited = (row: AwaitedRow) => async ({ nodeId, nodeName, bootId, tries, skip }: RowInput): Promise<string> => {
    const info = activityInfo();
    const { runId, workflowId } = info.workflowExecution ?? { runId: '', workflowId: '' };
    const order: Order = {
      _id: nodeId, nodeName, workflowId, runId, bootId, row, attempt: tries * ATTEMPTS_PER_TRY + info.attempt,
      token: hex(info.taskToken), skip: skip.filter((stage) => stagesOf(row).includes(stage)), at: new Date().toISOString(),
    };
    await deps.enterStage(runId, stagesOf(row)[0] ?? 'ready');
    await deps.putOrder(order);
    const outcome = rowOutcome(order, await deps.evidenceOf(bootId, stagesOf(row)));
    if (outcome.is === 'done') {
      await deps.removeOrder(order);
      return outcome.message;
    }
    if (info.attempt > 1) await refuseSilence(nodeId, nodeName, outcome.stage);
    throw new CompleteAsyncError();
  };

  /** A second attempt is for an agent that is there; waiting for one that is gone would only hide why. */
  async function refuseSilence(nodeId: string, nodeName: string, stage: LunaStage): Promise<void> {
    const silent = await deps.silence(nodeId);
    if (silent === null || silent < LOST_MS) return;
    throw ApplicationFailure.nonRetryable(
      `${nodeName} was last heard ${Math.round(silent / 1000)} s ago, in ${stage}: it was switched off, crashed, or lost its network`, 'AgentLost',
    );
  }

  return {
    discover: awaited('discover'),
    pxe: awaited('pxe'),
    partition: awaited('partition'),
    download: awaited('download'),
    unpack: awaited('unpack'),
    postscript: awaited('postscript'),
    localboot: awaited('localboot'),
    ready: awaited('ready'),
  };
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
