import type { Order } from '../domain/provision.ts';
import type { Log } from '../infra/log.ts';

/** Follows the orders that are put; `watchOrders` of the store. */
export type FollowOrders = (onOrder: (order: Order) => void, onBroken: (reason: string) => void) => { stop(): Promise<void> };

/** An agent whose order was missed all the same looks again by itself after this time. */
const FALLBACK_MS = 10_000;
/** When the stream of orders broke it is open again after this time, and what was put meanwhile is found by looking. */
const REOPENED_MS = 1500;

/** Wakes agents that wait for work when an order is put for their node, or evidence of it comes in. */
export function createWorkBell(follow: FollowOrders, log: Log) {
  const waiting = new Map<string, Set<() => void>>();
  /** Nodes whose order came while nobody waited: between an agent's look at the store and its wait. */
  const missed = new Set<string>();
  const newest = new Map<string, Order>();

  const ring = (nodeId: string): void => {
    for (const wake of waiting.get(nodeId) ?? []) wake();
  };
  const watch = follow(
    (order) => {
      const nodeId = order._id;
      newest.set(nodeId, order);
      if (waiting.has(nodeId)) ring(nodeId);
      else missed.add(nodeId);
    },
    (reason) => {
      log.warn('orders.stream_broken', { reason });
      newest.clear();
      setTimeout(() => { for (const nodeId of waiting.keys()) ring(nodeId); }, REOPENED_MS).unref();
    },
  );
  return {
    ring,
    /** The newest order of a node since the orders are followed; undefined when none was seen. */
    newest: (nodeId: string): Order | undefined => newest.get(nodeId),
    /** Resolves when there may be work for the node, at the latest after `ms`. */
    wait(nodeId: string, ms: number): Promise<void> {
      if (missed.delete(nodeId)) return Promise.resolve();
      return new Promise((resolve) => {
        const sleepers = waiting.get(nodeId) ?? new Set();
        waiting.set(nodeId, sleepers);
        const wake = (): void => {
          clearTimeout(timer);
          sleepers.delete(wake);
          if (sleepers.size === 0) waiting.delete(nodeId);
          resolve();
        };
        const timer = setTimeout(wake, Math.min(ms, FALLBACK_MS));
        sleepers.add(wake);
      });
    },
    stop: () => watch.stop(),
  };
}
