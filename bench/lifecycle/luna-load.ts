import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { evidenceId, type Evidence } from '../../domain/evidence.ts';
import { provisionWorkflowId, type Order } from '../../domain/provision.ts';
import { STAGE_ROWS, stagesOf } from '../../domain/stages.ts';
import { createDelivery } from '../../infra/lifecycle/delivery.ts';
import { createRuns } from '../../infra/lifecycle/runs.ts';
import type { Store } from '../../infra/store/connect.ts';
import { appendEvidence, evidenceOf } from '../../infra/store/evidence.ts';
import { openOrders, orderOf, removeOrder, watchOrders } from '../../infra/store/orders.ts';
import { benchLog, type Instance } from '../support/instance.ts';
import { inLanes } from '../support/lanes.ts';
import type { Machine } from '../support/site.ts';
import { type Load, type Pace, type Shape, START_WIDTH } from './load.ts';

/** Kinds of activities of a `provisionNode` whose node has a MAC and no BMC: `discover` is left out, `powerOn` says so. */
export const lunaShape: Shape = {
  local: ['plan', 'arm', 'close'].length,
  regular: ['powerOn'].length,
  asynchronous: STAGE_ROWS.filter(({ by, row }) => by !== 'controller' && row !== 'discover').length,
  beating: STAGE_ROWS.filter(({ by }) => by === 'agent').length,
};

/** Least time between two heartbeats that luna passes on; told as time that has gone by, so that none is held back. */
const BEAT_MS = 5000;
/** Orders that the change stream lost are looked for this often. */
const LOOK_MS = 2000;

/**
 * Luna's own lifecycles by its own lifecycle process. Agents and boot service are played here: whatever is waited for
 * becomes evidence, which is journalled and delivered by luna's code.
 */
export function startLunaLoad(client: Client, store: Store, instance: Instance, machines: readonly Machine[], pace: Pace): Load {
  const delivery = createDelivery({
    orderOf: (nodeId) => orderOf(store, nodeId),
    evidenceOf: (bootId, stages) => evidenceOf(store, bootId, stages),
    removeOrder: (order) => removeOrder(store, order),
    completion: client.activity,
    log: benchLog,
  });
  const agentRows: readonly string[] = STAGE_ROWS.filter(({ by }) => by === 'agent').map(({ row }) => row);
  const answered = new Set<string>();
  let clock = 0;

  async function answer(order: Order): Promise<void> {
    if (answered.has(order.token)) return;
    answered.add(order.token);
    await sleep(pace.machineMs);
    const { _id: nodeId, bootId, runId, row, attempt, skip } = order;
    const stages = stagesOf(row).filter((stage) => !skip.includes(stage));
    for (let beat = 0; agentRows.includes(row) && beat < pace.heartbeats; beat += 1) {
      const figures = { percent: 50, rate: 100_000_000, peers: 3, message: '' };
      clock += BEAT_MS;
      await delivery.heartbeat({ nodeId, bootId, stage: stages[0] ?? 'download', attempt, ...figures, at: order.at }, clock);
    }
    const evidence = stages.map((stage): Evidence => {
      const key = { bootId, stage, attempt, seq: 0 };
      return { _id: evidenceId(key), ...key, nodeId, runId, status: 'ok', message: 'done', log: '', facts: {}, at: new Date().toISOString() };
    });
    await appendEvidence(store, evidence);
    await delivery.deliver(nodeId);
  }

  const watch = watchOrders(store, (order) => { void answer(order); }, (reason) => { benchLog.warn('orders.stream_broken', { reason }); });
  const look = setInterval(() => { void openOrders(store).then((orders) => Promise.all(orders.map(answer))); }, LOOK_MS);
  const runs = createRuns(client);
  return {
    name: 'luna',
    workerPid: instance.pid('lifecycle'),
    async run(count) {
      const labels = { groupName: 'compute', osimageName: 'compute' };
      await inLanes(machines.slice(0, count), START_WIDTH, ({ nodeId, name: nodeName }) => runs.start({ nodeId, nodeName, mode: 'asked', from: null }, labels))
        .then((started) => Promise.all(started.map(({ workflowId, runId }) => client.workflow.getHandle(workflowId, runId).result())));
    },
    historyEvents: async () => (await client.workflow.getHandle(provisionWorkflowId(machines[0]?.nodeId ?? '')).describe()).historyLength ?? NaN,
    async stop() {
      clearInterval(look);
      await watch.stop();
    },
  };
}
