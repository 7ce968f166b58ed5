import { ActivityCancelledError, ActivityNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { Evidence, Progress } from '../../domain/evidence.ts';
import type { Order } from '../../domain/provision.ts';
import { rowOutcome } from '../../domain/row-outcome.ts';
import { stagesOf, type LunaStage } from '../../domain/stages.ts';
import type { Log } from '../log.ts';

/** Temporal, as far as a finished stage needs it. */
export interface Completion {
  complete(token: Uint8Array, result: unknown): Promise<void>;
  fail(token: Uint8Array, err: unknown): Promise<void>;
  heartbeat(token: Uint8Array, details?: unknown): Promise<void>;
}

export interface DeliveryDeps {
  orderOf(nodeId: string): Promise<Order | null>;
  /** What is known of some stages of a boot. */
  evidenceOf(bootId: string, stages: readonly LunaStage[]): Promise<Evidence[]>;
  removeOrder(order: Order): Promise<void>;
  completion: Completion;
  log: Log;
}

/** Least time between two heartbeats of one node. */
const HEARTBEAT_MS = 5000;
/** A row that the sweep found still going is looked at again after this time: nearly all evidence is delivered as it comes. */
const LOOK_AGAIN_MS = 15_000;

/**
 * Brings journalled evidence to the workflow that waits for it. May run anywhere, any number of times: the order holds
 * the task token, and what Temporal no longer knows was delivered by somebody else.
 */
export function createDelivery(deps: DeliveryDeps) {
  const beats = new Map<string, number>();
  /** Task token → when the sweep looks at its order again. */
  const nextLooks = new Map<string, number>();

  async function settle(order: Order): Promise<void> {
    const outcome = rowOutcome(order, await deps.evidenceOf(order.bootId, stagesOf(order.row)));
    if (outcome.is === 'going') return;
    const token = Buffer.from(order.token, 'hex');
    try {
      if (outcome.is === 'done') await deps.completion.complete(token, outcome.message);
      else await deps.completion.fail(token, ApplicationFailure.create({ message: outcome.message, type: 'StageFailed', details: [{ stage: outcome.stage }] }));
    } catch (err) {
      if (!isGone(err)) throw err;
    }
    await deps.removeOrder(order);
    deps.log.info('evidence.delivered', { node: order.nodeName, row: order.row, attempt: order.attempt, outcome: outcome.is });
  }

  return {
    /** Delivers what is known about a node's order. Never throws: what can't be delivered now is left to the sweep. */
    async deliver(nodeId: string): Promise<void> {
      try {
        const order = await deps.orderOf(nodeId);
        if (order !== null) await settle(order);
      } catch (err) {
        deps.log.warn('evidence.later', { nodeId, err });
      }
    },

    /** Delivers what a crash left of all that is waited for. What could not be delivered is tried again by the next sweep. */
    async sweep(orders: Order[], nowMs: number): Promise<void> {
      const waiting = new Set(orders.map(({ token }) => token));
      for (const token of nextLooks.keys()) if (!waiting.has(token)) nextLooks.delete(token);
      for (const order of orders.filter(({ token }) => nowMs >= (nextLooks.get(token) ?? 0))) {
        try {
          await settle(order);
          nextLooks.set(order.token, nowMs + LOOK_AGAIN_MS);
        } catch (err) {
          deps.log.warn('evidence.later', { node: order.nodeName, err });
        }
      }
    },

    /** Passes a node's progress on as a heartbeat, at most one in 5 s per node. */
    async heartbeat(progress: Progress, nowMs: number): Promise<void> {
      if (nowMs - (beats.get(progress.nodeId) ?? -HEARTBEAT_MS) < HEARTBEAT_MS) return;
      beats.set(progress.nodeId, nowMs);
      try {
        const order = await deps.orderOf(progress.nodeId);
        if (order === null || order.bootId !== progress.bootId) return;
        const { stage, percent, rate, peers, message } = progress;
        await deps.completion.heartbeat(Buffer.from(order.token, 'hex'), { stage, percent, rate, peers, message });
      } catch (err) {
        if (!isGone(err)) deps.log.warn('heartbeat.lost', { nodeId: progress.nodeId, err });
      }
    },
  };
}

/** The activity was completed, cancelled or timed out: there is nobody left to tell. An unreachable Temporal is not that. */
function isGone(err: unknown): boolean {
  return err instanceof ActivityNotFoundError || err instanceof ActivityCancelledError;
}
