import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { createCloseActivities, createNodeStageActivities, createPlanActivities, createPowerActivities } from '../../activities/index.ts';
import { LunaError } from '../../domain/errors.ts';
import { BmcError } from '../../domain/power.ts';
import { evidenceId, type Evidence } from '../../domain/evidence.ts';
import type { Boot, Order, ProvisionPlan, RunSummary } from '../../domain/provision.ts';
import { stagesOf, type LunaStage } from '../../domain/stages.ts';
import { ATTEMPTS_PER_TRY } from '../../domain/superseded.ts';
import { createDelivery } from '../../infra/lifecycle/delivery.ts';
import { explainFailure } from '../../infra/lifecycle/explain.ts';
import { createRuns } from '../../infra/lifecycle/runs.ts';
import { temporalPart } from '../../infra/engine/temporal.ts';
import { startEngine } from './engine.ts';
import { silentLog } from './silent-log.ts';

/** How a machine behaves: stages that fail (how often), the stage at which it is silent until an operator has it run again, and whether nothing is heard of its BMC though it does what it is told. */
export interface Machine { fails?: Partial<Record<LunaStage, number>>; silentAt?: LunaStage; refused?: boolean; unheard?: boolean; unpacked?: boolean; agentAlive?: boolean }

/**
 * The lifecycle on a real Temporal with real activities; only the store is in memory and the machine is a few lines.
 * `runs` are the summaries that `close` wrote, `told` what BMCs were told to do.
 */
export async function lifecycleWorld(workflowBundle: WorkflowBundleWithSourceMap) {
  const engine = await startEngine(temporalPart);
  const { address, namespace } = engine.config.temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const native = await NativeConnection.connect({ address });
  const orders = new Map<string, Order>();
  const boots = new Map<string, Boot>();
  const runs = new Map<string, RunSummary & { entered: LunaStage[] }>();
  const told: string[] = [];
  let evidence: Evidence[] = [];
  let machine: Machine = {};

  const delivery = createDelivery({
    orderOf: async (nodeId) => orders.get(nodeId) ?? null,
    evidenceOf: async (bootId) => evidence.filter((e) => e.bootId === bootId),
    removeOrder: async (order) => { if (orders.get(order._id)?.token === order.token) orders.delete(order._id); },
    completion: client.activity,
    log: silentLog,
  });

  /** The machine does what is ordered, and reports it. */
  async function obey(order: Order): Promise<void> {
    for (const stage of stagesOf(order.row).filter((one) => !order.skip.includes(one))) {
      if (machine.silentAt === stage && order.attempt <= ATTEMPTS_PER_TRY) return;
      const left = machine.fails?.[stage] ?? 0;
      if (left > 0) machine.fails = { ...machine.fails, [stage]: left - 1 };
      report(order, stage, left > 0 ? 'failed' : 'ok');
      if (left > 0) break;
    }
    await delivery.deliver(order._id);
  }

  function report(order: Order, stage: LunaStage, status: 'ok' | 'failed'): void {
    const key = { bootId: order.bootId, stage, attempt: order.attempt, seq: 0 };
    const message = status === 'failed' ? `${stage} exited 3` : '';
    evidence.push({ _id: evidenceId(key), ...key, nodeId: order._id, runId: order.runId, status, message, log: '', facts: {}, at: new Date().toISOString() });
  }

  const enterStage = async (runId: string, stage: LunaStage): Promise<void> => { runs.get(runId)?.entered.push(stage); };
  const plan: ProvisionPlan = {
    nodeId: '', nodeName: 'node001', groupName: 'compute', osimageName: 'compute', artefact: 'a1', bmc: { address: '10.31.1.1', bmcsetup: 'b' },
    macKnown: false, setupbmc: true, attempts: 2, where: 'switch01 port 1',
  };
  let chassis: 'on' | 'off' = 'off';

  const worker = await Worker.create({
    connection: native, namespace, taskQueue: 'lifecycle', workflowBundle,
    activities: {
      ...createPlanActivities({
        async resolvePlan(nodeId) {
          if (machine.unpacked === true) throw new LunaError('conflict', 'osimage compute is not packed', 'luna osimage pack compute');
          return { ...plan, nodeId };
        },
        isOff: async () => false,
        random: (bytes) => randomBytes(bytes).toString('hex'),
        async startRun(run) { runs.set(run._id, { ...run, entered: [] }); },
        enterStage,
        boots: {
          ofRun: async (runId) => [...boots.values()].find((b) => b.runId === runId && b.state !== 'dead') ?? null,
          async lastOfNode(nodeId) {
            const boot = [...boots.values()].findLast((b) => b.nodeId === nodeId && b.state !== 'dead');
            return boot === undefined ? null : { boot, heardAt: machine.agentAlive === true ? new Date().toISOString() : null };
          },
          async insert(boot) { boots.set(boot._id, boot); },
          async change(nonce, changes) { boots.set(nonce, { ...boots.get(nonce) as Boot, ...changes }); },
          async endOthers(nodeId, keep) { for (const b of boots.values()) if (b.nodeId === nodeId && b._id !== keep) b.state = 'dead'; },
        },
        evidence: { of: async (bootId) => evidence.filter((e) => e.bootId === bootId), async append(more) { evidence = [...evidence, ...more]; } },
      }),
      ...createPowerActivities({
        bmc: {
          async status() {
            if (machine.refused === true) throw new BmcError('BMC 10.31.1.1 of node001 refused user admin', true, 'luna bmcsetup change base --password-file -');
            return chassis;
          },
          bootFrom: async () => undefined,
          async act(_node, action) {
            told.push(action);
            chassis = action === 'off' ? 'off' : 'on';
            if (machine.unheard === true) throw new BmcError('no answer', false, 'luna power node001 status');
            return action;
          },
          coldReset: async () => undefined,
        },
        enterStage,
        countBootsFrom: async () => undefined,
        sleep: async () => undefined,
      }),
      ...createNodeStageActivities({
        async putOrder(order) {
          orders.set(order._id, order);
          setTimeout(() => { void obey(order); }, 50);
        },
        async removeOrder(order) { orders.delete(order._id); },
        evidenceOf: async (bootId) => evidence.filter((e) => e.bootId === bootId),
        enterStage,
        silence: async () => 1000,
      }),
      ...createCloseActivities({
        explain: async (failure) => explainFailure(failure, { where: plan.where, bmcsetupName: 'base', unknown: [], lastEvidence: evidence.at(-1) ?? null, heardSecondsAgo: 7, standstill: null }),
        async endRun({ runId, hold, ...end }) {
          for (const boot of boots.values()) if (boot.runId === runId) boot.state = hold ? 'held' : 'dead';
          const run = runs.get(runId);
          if (run !== undefined) runs.set(runId, { ...run, ...end });
        },
      }),
    },
  });
  const running = worker.run();

  return {
    client,
    starter: createRuns(client),
    orders,
    told,
    /** Sets how the machine behaves from now on. */
    behave(next: Machine) { machine = next; },
    /** A silent machine answers its order after all. */
    async answer(nodeId: string) {
      const order = orders.get(nodeId);
      if (order === undefined) return;
      for (const stage of stagesOf(order.row)) report(order, stage, 'ok');
      await delivery.deliver(nodeId);
    },
    runOf: (runId: string) => runs.get(runId),
    async stop() {
      worker.shutdown();
      await running;
      await native.close();
      await connection.close();
      await engine.stop();
    },
  };
}
