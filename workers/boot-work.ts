import type { Order } from '../domain/provision.ts';
import type { Log } from '../infra/log.ts';
import type { Store } from '../infra/store/connect.ts';
import { watchOrders } from '../infra/store/orders.ts';

/** An agent whose order was missed looks again by itself after this time. */
const FALLBACK_MS = 1500;

/** Wakes agents that wait for work when an order is put for their node, or evidence of it comes in. */
export function createWorkBell(store: Store, log: Log) {
  const waiting = new Map<string, Set<() => void>>();
  const ring = (nodeId: string): void => {
    for (const wake of waiting.get(nodeId) ?? []) wake();
  };
  const watch = watchOrders(store, (order: Order) => { ring(order._id); }, (reason) => { log.warn('orders.stream_broken', { reason }); });
  return {
    ring,
    /** Resolves when there may be work for the node, at the latest after `ms`. */
    wait(nodeId: string, ms: number): Promise<void> {
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
