import type { Order } from '../../domain/provision.ts';
import type { Store } from './connect.ts';
import { followWrites } from './follow.ts';

const orders = (store: Store) => store.db.collection<Order>('orders');

/** Puts what the workflow now waits for in place of what it waited for before. */
export async function putOrder(store: Store, order: Order): Promise<void> {
  await orders(store).replaceOne({ _id: order._id }, order, { upsert: true });
}

/** What the workflow of a node waits for, or null. */
export async function orderOf(store: Store, nodeId: string): Promise<Order | null> {
  return orders(store).findOne({ _id: nodeId });
}

/** Removes an order that was delivered; a newer one of the same node stays. */
export async function removeOrder(store: Store, order: Pick<Order, '_id' | 'token'>): Promise<void> {
  await orders(store).deleteOne({ _id: order._id, token: order.token });
}

/** Removes whatever a closed run still waited for. */
export async function removeOrdersOfRun(store: Store, nodeId: string, runId: string): Promise<void> {
  await orders(store).deleteOne({ _id: nodeId, runId });
}

/** Everything that is being waited for. */
export async function openOrders(store: Store): Promise<Order[]> {
  return orders(store).find({}).toArray();
}

/** Calls back with each order as it is put, until stopped; after a broken stream it starts again by itself. */
export function watchOrders(store: Store, onOrder: (order: Order) => void, onBroken: (reason: string) => void): { stop(): Promise<void> } {
  return followWrites(orders(store), { operations: ['insert', 'replace'], pauseMs: 50, each: onOrder, broken: (error) => { onBroken(error.message); } });
}
