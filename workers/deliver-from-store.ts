import type { Client } from '@temporalio/client';
import { createDelivery } from '../infra/lifecycle/delivery.ts';
import type { Log } from '../infra/log.ts';
import type { Store } from '../infra/store/connect.ts';
import { evidenceOf } from '../infra/store/evidence.ts';
import { orderOf, removeOrder } from '../infra/store/orders.ts';

/** Delivery of evidence from the store to Temporal: where it is observed, and in the sweep that follows a crash. */
export function deliverFromStore(store: Store, client: Client, log: Log): ReturnType<typeof createDelivery> {
  return createDelivery({
    orderOf: (nodeId) => orderOf(store, nodeId),
    evidenceOf: (bootId, stages) => evidenceOf(store, bootId, stages),
    removeOrder: (order) => removeOrder(store, order),
    completion: client.activity,
    log,
  });
}
