import { setTimeout as sleep } from 'node:timers/promises';
import { apiTarget, callApi } from '../../cli/api.ts';
import type { ProvisionStatus } from '../../domain/run-views.ts';
import { openStore } from '../../infra/store/connect.ts';
import { openSecretBox } from '../../infra/store/secrets-key.ts';
import { cpuSeconds } from '../support/cpu.ts';
import { benchLog, type Instance, startInstance } from '../support/instance.ts';
import { rounded, say } from '../support/outcome.ts';
import { controllerAddress } from '../support/own-network.ts';
import { declareSite, type Machine } from '../support/site.ts';
import { type Life, liveOnce } from './agent.ts';
import { standInBmcs } from './bmcs.ts';

/** What became of a fleet that was provisioned at once. Seconds from the command to the last run's end. */
export interface FleetResult {
  wallS: number;
  completed: number;
  failed: number;
  /** Calls of machines that were repeated because they failed. */
  repeatedCalls: number;
  lives: Life[];
  /** CPU seconds by process, this one (which plays the machines) among them. */
  cpu: Record<string, number>;
}

const PARTS = ['temporal', 'documents', 'api', 'boot', 'seeder', 'lifecycle'];
/** How often the end is looked for; `luna provision` asks as often. */
const LOOK_MS = 2000;
const DEADLINE_MS = 15 * 60_000;

/** Provisions `count` machines at once through the API of a whole luna. Only power and DHCP are not what they are in life. */
export async function provisionFleet(count: number): Promise<FleetResult> {
  const addresses = Array.from({ length: count }, (_, i) => bmcAddress(i));
  const bmcs = standInBmcs(addresses);
  const instance = await startInstance(PARTS);
  try {
    const store = await openStore(instance.config.mongo.uri, { log: benchLog, secrets: openSecretBox(instance.config.secretsKey) });
    const machines = await declareSite(store, instance.config, count, { bmc: true });
    await store.close();
    const pids = { ...Object.fromEntries(PARTS.map((part) => [part, instance.pid(part)])), 'machines (this process)': process.pid };
    const before = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuSeconds(pid)]));
    const fleet = playMachines(machines, instance, bmcs.onPower);
    const began = performance.now();
    const ended = await provisionAll(instance, machines);
    const wallS = rounded((performance.now() - began) / 1000, 1);
    for (const run of ended.filter(({ status }) => status !== 'completed').slice(0, 5)) say(`${run.nodeName} ${run.status} in ${run.stage}: ${run.reason}`);
    const cpu = Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, rounded(cpuSeconds(pid) - (before[name] ?? NaN), 1)]));
    const completed = ended.filter(({ status }) => status === 'completed').length;
    return { wallS, completed, failed: count - completed, repeatedCalls: fleet.repeatedCalls(), lives: fleet.lives, cpu };
  } finally {
    bmcs.stop();
    await instance.stop();
  }
}

/** The addresses that luna gives BMCs, lowest first; checked when the site is declared. */
const bmcAddress = (i: number): string => `10.31.${(i + 1) >> 8}.${(i + 1) & 255}`;

function playMachines(machines: readonly Machine[], { config }: Instance, onPower: (switchedOn: (address: string) => void) => void) {
  const byBmc = new Map(machines.map((machine) => [machine.bmc, machine]));
  const lives: Life[] = [];
  let repeated = 0;
  onPower((address) => {
    const machine = byBmc.get(address);
    if (machine === undefined) throw new Error(`no machine has the BMC ${address}`);
    const caller = { url: `http://${controllerAddress}:${config.httpPort}`, from: machine.ip, repeated: () => { repeated += 1; } };
    liveOnce(machine, caller).then((life) => lives.push(life), (error: unknown) => { say(`${machine.name}: ${error instanceof Error ? error.message : String(error)}`); });
  });
  return { lives, repeatedCalls: () => repeated };
}

/** Starts all runs by one call and asks for their states until none runs, as `luna provision` does. */
async function provisionAll({ config }: Instance, machines: readonly Machine[]): Promise<ProvisionStatus[]> {
  const api = apiTarget({ LUNA_DATA: config.dataDir });
  const started = await callApi<{ node: string; error?: string }[]>(api, 'POST', '/api/v1/provision', { nodes: machines.map(({ name }) => name) }, { timeoutMs: 300_000 });
  const refused = started.find(({ error }) => error !== undefined);
  if (refused !== undefined) throw new Error(`${refused.node} was not provisioned: ${refused.error ?? ''}`);
  say(`${started.length} runs are started`);
  const until = Date.now() + DEADLINE_MS;
  for (;;) {
    const states = await callApi<ProvisionStatus[]>(api, 'GET', '/api/v1/provision', undefined, { timeoutMs: 60_000 }).catch((error: unknown) => {
      // A person who watches would see the next answer.
      say(`the API did not tell how it stands: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
    const running = states.filter(({ status }) => status === 'running');
    if (running.length === 0 && states.length >= machines.length) return states;
    if (Date.now() > until) return states;
    const stages = Map.groupBy(running, ({ stage }) => stage);
    say(`running: ${[...stages].map(([stage, there]) => `${there.length} ${stage}`).join(', ')}`);
    await sleep(LOOK_MS);
  }
}
