import { setTimeout as sleep } from 'node:timers/promises';
import { temporalClient } from '../../infra/lifecycle/temporal.ts';
import { openStore } from '../../infra/store/connect.ts';
import { openSecretBox } from '../../infra/store/secrets-key.ts';
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
}

/** Costs of luna's and of bare lifecycles, medians of the rounds, and the median of the rounds' ratios. */
export interface EngineCost {
  luna: Cost;
  bare: Cost;
  ratios: number[];
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
  const store = await openStore(instance.config.mongo.uri, { log: benchLog, secrets: openSecretBox(instance.config.secretsKey) });
  const temporal = temporalClient(instance.config.temporal);
  const loads: Load[] = [];
  try {
    const machines = await declareSite(store, instance.config, count, { bmc: false });
    loads.push(startLunaLoad(temporal.client, store, instance, machines, pace));
    loads.push(await startBareLoad(temporal.client, instance.config.temporal, lunaShape, pace));
    const turns: Turn[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      for (const load of round % 2 === 0 ? loads : loads.toReversed()) {
        const turn = await runTurn(load, instance.pid('temporal'), round === 0 ? Math.ceil(count / 3) : count);
        say(`${round === 0 ? 'warm-up' : `round ${round}`}, ${load.name}: server ${rounded(turn.server.used, 1)} s, worker ${rounded(turn.worker.used, 1)} s of CPU in ${rounded(turn.seconds, 0)} s`);
        if (round > 0) turns.push(turn);
      }
    }
    const luna = costsOf(turns, 'luna');
    const bare = costsOf(turns, 'bare');
    const ratios = luna.map((cost, i) => total(cost) / total(bare[i] ?? cost));
    return { luna: middle(luna), bare: middle(bare), ratios: ratios.map((ratio) => rounded(ratio)), ratio: rounded(median(ratios)) };
  } finally {
    for (const load of loads) await load.stop();
    await temporal.close();
    await store.close();
    await instance.stop();
  }
}

/** CPU milliseconds of server and worker. */
export const total = (cost: Cost): number => cost.server + cost.worker;

/** CPU seconds of a process in a turn, and per second while nothing was to be done just before it. */
interface Use {
  used: number;
  idle: number;
}

interface Turn {
  load: Load['name'];
  count: number;
  seconds: number;
  server: Use;
  worker: Use;
  events: number;
}

async function runTurn(load: Load, serverPid: number, count: number): Promise<Turn> {
  const now = (): [server: number, worker: number] => [cpuSeconds(serverPid), cpuSeconds(load.workerPid)];
  const atIdle = now();
  await sleep(IDLE_MS);
  const before = now();
  const began = performance.now();
  await load.run(count);
  await sleep(SETTLE_MS);
  const seconds = (performance.now() - began) / 1000;
  const after = now();
  const useOf = (i: 0 | 1): Use => ({ used: after[i] - before[i], idle: (before[i] - atIdle[i]) * 1000 / IDLE_MS });
  return { load: load.name, count, seconds, server: useOf(0), worker: useOf(1), events: await load.historyEvents() };
}

/**
 * What one lifecycle cost in each turn of a load: less what the processes use of themselves, else the load whose turn
 * takes longer would be charged for the server's own pulse. That is the least they used while idle; the rest was an echo.
 */
function costsOf(turns: readonly Turn[], name: Load['name']): Cost[] {
  const mine = turns.filter(({ load }) => load === name);
  const serverPulse = Math.min(...turns.map(({ server }) => server.idle));
  const workerPulse = Math.min(...mine.map(({ worker }) => worker.idle));
  const each = ({ used }: Use, pulse: number, { seconds, count }: Turn): number => (used - pulse * seconds) * 1000 / count;
  return mine.map((turn) => ({ server: each(turn.server, serverPulse, turn), worker: each(turn.worker, workerPulse, turn), events: turn.events }));
}

function middle(costs: readonly Cost[]): Cost {
  const of = (figure: keyof Cost): number => rounded(median(costs.map((cost) => cost[figure])), 1);
  return { server: of('server'), worker: of('worker'), events: of('events') };
}
