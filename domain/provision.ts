import * as z from 'zod';
import { STAGES, type AwaitedRow, type LunaStage } from './stages.ts';

/** A node's boot identity: a nonce that lets one boot of one node call the node-facing services; it dies with the run. */
export interface Boot {
  /** The nonce, 32 hex digits. */
  _id: string;
  bootId: string;
  nodeId: string;
  nodeName: string;
  /** Workflow run that armed it. */
  runId: string;
  artefact: string;
  /**
   * armed: waits for its machine · live: its agent said hello · held: the run failed, the agent may be reattached ·
   * handedOver: only the installed system's `ready` is still accepted · dead: nothing is accepted.
   */
  state: 'armed' | 'live' | 'held' | 'handedOver' | 'dead';
  /** 0: usual boot path; 1: the alternate one. */
  path: number;
  /** Power read back; only boots after it count. Null: not yet, or the node boots unasked. */
  poweredAt: string | null;
  deadline: string;
  /** Where its agent said hello from; missing until then. */
  ip?: string;
  /** What its card says its link does, Mbit/s; missing when the card doesn't say. */
  link?: number;
}

/** What the workflow waits for now: made by the activity of a row, read by the boot service. `_id` = node id. */
export interface Order {
  _id: string;
  nodeName: string;
  workflowId: string;
  runId: string;
  bootId: string;
  row: AwaitedRow;
  attempt: number;
  /** Temporal task token, hex. */
  token: string;
  /** Stages of this row that need not run (`--from`, setupbmc off). */
  skip: LunaStage[];
  at: string;
}

/** Input of `provisionNode`; plain JSON. */
export const provisionInputSchema = z.object({
  nodeId: z.string(),
  nodeName: z.string(),
  /** asked: power it on · unasked: it already boots · retry: reattach to a live agent or power it on. */
  mode: z.enum(['asked', 'unasked', 'retry']),
  from: z.enum(STAGES as [string, ...string[]]).nullable(),
});
export type ProvisionInput = Omit<z.infer<typeof provisionInputSchema>, 'from'> & { from: LunaStage | null };

/** What `plan` resolved: enough to run, and nothing secret. */
export interface ProvisionPlan {
  nodeId: string;
  nodeName: string;
  groupName: string;
  osimageName: string;
  artefact: string;
  /** BMC reference, or null when the group has none and a person must press the button. */
  bmc: { address: string; bmcsetup: string } | null;
  macKnown: boolean;
  setupbmc: boolean;
  attempts: number;
  /** Where the declared port is, for people: `switch01 port 1`. */
  where: string | null;
}

/** How a run ended. */
export interface ProvisionResult {
  nodeName: string;
  bootId: string;
  seconds: number;
}

/** How a run stands. */
export const RUN_STATUS = ['running', 'completed', 'failed', 'cancelled', 'terminated', 'timed-out'] as const;

/** A run as people see it; its document outlives Temporal's retention. `_id` = run id. */
export interface RunSummary {
  _id: string;
  workflowId: string;
  nodeId: string;
  nodeName: string;
  groupName: string;
  osimageName: string;
  status: (typeof RUN_STATUS)[number];
  stage: LunaStage;
  /** Why it failed and what to type next. */
  reason: string;
  next: string;
  startedAt: string;
  endedAt: string | null;
  /** Every stage that was entered, with times. */
  stages: { stage: LunaStage; startedAt: string; endedAt: string | null; status: string }[];
}

/** `provision/<nodeId>`: one open run per node. */
export const provisionWorkflowId = (nodeId: string): string => `provision/${nodeId}`;
