import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createCloseActivities, createNodeStageActivities, createPlanActivities, createPowerActivities } from '../activities/index.ts';
import { createIpmi } from '../infra/bmc/ipmi.ts';
import type { Config } from '../infra/config.ts';
import { reconcile } from '../infra/lifecycle/reconcile.ts';
import { createRuns } from '../infra/lifecycle/runs.ts';
import { temporalLogger } from '../infra/lifecycle/temporal-log.ts';
import { temporalClient } from '../infra/lifecycle/temporal.ts';
import { openStore } from '../infra/store/connect.ts';
import { closeRun } from '../infra/store/lifecycle.ts';
import { openOrders } from '../infra/store/orders.ts';
import { openSecretBox } from '../infra/store/secrets-key.ts';
import { openRuns } from '../infra/store/runs.ts';
import { trimBoots, trimRuns } from '../infra/store/trim-runs.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { deliverFromStore } from './deliver-from-store.ts';
import { lifecycleDeps } from './lifecycle-deps.ts';
import { every, runProcess } from './run.ts';
import { workflowCode } from './workflow-code.ts';

/** How often evidence that a crash left is looked for, and stored statuses are compared with Temporal's. */
const SWEEP_MS = 5000;
const RECONCILE_MS = 30_000;
/** How often old runs and boot identities are forgotten, and how long after its end a dead identity is. */
const TIDY_MS = 3_600_000;
const MONTH_MS = 30 * 24 * 3_600_000;

async function connect(config: Config): Promise<NativeConnection> {
  return NativeConnection.connect({ address: config.temporal.address });
}

await runProcess('lifecycle', async ({ config, log, signal }) => {
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database, secrets: openSecretBox(config.secretsKey) });
  const temporal = temporalClient(config.temporal);
  const runs = createRuns(temporal.client);
  const delivery = deliverFromStore(store, temporal.client, log);
  const watch = await watchSite(store, log);
  const deps = lifecycleDeps(store, watch);
  Runtime.install({ logger: temporalLogger(log) });
  const bmc = createIpmi(deps.bmcTarget);
  const connection = await connect(config);
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: 'lifecycle',
    ...workflowCode(),
    activities: {
      ...createPlanActivities({ ...deps.plan, isOff: (nodeId) => bmc.status(nodeId).then((state) => state === 'off', () => false) }),
      ...createPowerActivities({ ...deps.power, bmc }),
      ...createNodeStageActivities(deps.nodeStages),
      ...createCloseActivities(deps.close),
    },
    maxConcurrentActivityTaskExecutions: 64,
    maxConcurrentLocalActivityExecutions: 64,
    shutdownGraceTime: '5 seconds',
  });
  const running = worker.run();
  const sweep = every(SWEEP_MS, signal, log, 'sweep.failed', async () => {
    const settled = new Date(Date.now() - 3000).toISOString();
    await delivery.sweep((await openOrders(store)).filter((order) => order.at < settled), Date.now());
  });
  const repair = every(RECONCILE_MS, signal, log, 'reconcile.failed', async () => {
    await reconcile({
      openRuns: () => openRuns(store),
      runningIds: runs.runningIds,
      statusOf: runs.statusOf,
      endRun: (run, status, reason) => closeRun(store, {
        runId: run._id, nodeId: run.nodeId, status, stage: run.stage, reason, next: status === 'completed' ? '' : `luna provision ${run.nodeName}`, hold: false,
      }),
      log,
    });
  });
  let tidied: string | null = null;
  const tidy = every(TIDY_MS, signal, log, 'runs.tidy_failed', async () => {
    // An hour earlier than it was: a run may be noted later than it says that it began.
    const from = new Date(Date.now() - TIDY_MS).toISOString();
    const trimmed = { runs: await trimRuns(store, tidied), boots: await trimBoots(store, new Date(Date.now() - MONTH_MS).toISOString()) };
    tidied = from;
    if (trimmed.runs + trimmed.boots > 0) log.info('runs.tidied', trimmed);
  });
  return {
    addresses: [`temporal://${config.temporal.address}/${config.temporal.namespace}/lifecycle`],
    async stop() {
      worker.shutdown();
      await Promise.allSettled([running, sweep, repair, tidy]);
      await connection.close();
      await temporal.close();
      await watch.stop();
      await store.close();
    },
  };
});
