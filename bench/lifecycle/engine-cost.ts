import { setTimeout as sleep } from 'node:timers/promises';
import { temporalClient } from '../../infra/lifecycle/temporal.ts';
import { openStore } from '../../infra/store/connect.ts';
import { cpuSeconds } from '../support/cpu.ts';
import { benchLog, startInstance } from '../support/instance.ts';
import { median, rounded, say } from '../support/outcome.ts';
import { declareSite } from '../support/site.ts';
import { startBareLoad } from './bare-load.ts';
import type { Load, Pace } from './load.ts';
import { lunaShape, startLunaLoad } from './luna-load.ts';

/** What one lifecycle costs: CPU milliseconds of the Temporal server and of the worker process, and history events. */
export interface Cost {
  server: number;
  worker: number;
  events: number;
  /** What the whole turn took. */
  seconds: number;
}

/** Costs of luna's and of bare lifecycles, medians of the rounds, and the median of the rounds' ratios. */
export interface EngineCost {
  luna: Cost;
  bare: Cost;
  ratio: number;
}

const pace: Pace = { machineMs: 300, heartbeats: 2 };
/** What a server does after the last workflow's end (visibility, timers, retention) belongs to the round. */
const SETTLE_MS = 2000;
/** How long the processes are watched doing nothing, before each turn. */
const IDLE_MS = 5000;

/** Runs `count` lifecycles of each kind at once, in turns, on one server; the first turn of each warms up and isn't counted. */
export async function engineCost(count: number, rounds: number): Promise<EngineCost> {
  const instance = await startInstance(['temporal', 'documents', 'lifecycle']);
  const store = await openStore(instance.config.mongo.uri, { log: benchLog });
  const temporal = temporalClient(instance.config.temporal);
  const loads: Load[] = [];
  try {
    const machines = await declareSite(store, instance.config, count, { bmc: false });
    loads.push(startLunaLoad(temporal.client, store, instance, machines, pace));
    loads.push(await startBareLoad(temporal.client, instance.config.temporal, lunaShape, pace));
    const costs: Record<Load['name'], Cost[]> = { luna: [], bare: [] };
    for (let round = 0; round <= rounds; round += 1) {
      for (const load of loads) {
        const cost = await costOf(load, instance.pid('temporal'), round === 0 ? Math.ceil(count / 3) : count);
        say(`${round === 0 ? 'warm-up' : `round ${round}`}, ${load.name}: server ${rounded(cost.server, 0)} ms, worker ${rounded(cost.worker, 0)} ms, ${cost.events} events a lifecycle, ${rounded(cost.seconds, 0)} s`);
        if (round > 0) costs[load.name].push(cost);
      }
    }
    const ratios = costs.luna.map((luna, i) => total(luna) / total(costs.bare[i] ?? luna));
    return { luna: middle(costs.luna), bare: middle(costs.bare), ratio: rounded(median(ratios)) };
  } finally {
    for (const load of loads) await load.stop();
    await temporal.close();
    await store.close();
    await instance.stop();
  }
}

/** CPU milliseconds of server and worker. */
export const total = (cost: Cost): number => cost.server + cost.worker;

/**
 * Runs a turn and counts its CPU time, less what the same processes use in that time when nothing is to be done: else the
 * load whose turn takes longer would be charged for the server's own pulse.
 */
async function costOf(load: Load, serverPid: number, count: number): Promise<Cost> {
  const used = (): number[] => [serverPid, load.workerPid].map(cpuSeconds);
  const idle = used();
  await sleep(IDLE_MS);
  const before = used();
  const began = performance.now();
  await load.run(count);
  await sleep(SETTLE_MS);
  const tookMs = performance.now() - began;
  const [server = NaN, worker = NaN] = used().map((now, i) => {
    const [atIdle = NaN, atStart = NaN] = [idle[i], before[i]];
    return (now - atStart - (atStart - atIdle) * tookMs / IDLE_MS) * 1000 / count;
  });
  return { server, worker, events: await load.historyEvents(), seconds: tookMs / 1000 };
}

function middle(costs: readonly Cost[]): Cost {
  const of = (figure: keyof Cost): number => rounded(median(costs.map((cost) => cost[figure])), 1);
  return { server: of('server'), worker: of('worker'), events: of('events'), seconds: of('seconds') };
}
