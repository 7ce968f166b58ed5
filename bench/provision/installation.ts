import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ApiTarget, apiTarget, callApi } from '../../cli/api.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { AGENT_STAGES } from '../../domain/next-step.ts';
import { type LunaStage, STAGES } from '../../domain/stages.ts';
import type { ProvisionStatus } from '../../domain/run-views.ts';

/** One installation, in seconds from the machine's power-on. */
export interface Installation {
  helloS: number;
  readyS: number;
  /** When each stage that the machine or its boot showed had ended. */
  ends: Map<LunaStage, number>;
  /** Before each stage of the agent: from its report of the stage before until it began. Its own two calls are in it. */
  waits: Map<LunaStage, number>;
}

/** An installation that takes longer has failed, even without KVM on a busy machine. */
const DEADLINE_MS = 15 * 60_000;

/** Provisions a node of the lab and tells how it went. `machineDir`: the lab's folder of the machine. Throws when it fails. */
export async function installOnce(env: NodeJS.ProcessEnv, node: string, machineDir: string): Promise<Installation> {
  const api = apiTarget(env);
  const began = Date.now();
  await callApi(api, 'POST', '/api/v1/provision', { nodes: [node] });
  await untilEnded(api, node, began);
  const evidence = await callApi<Evidence[]>(api, 'GET', `/api/v1/provision/${node}/log`);
  return installation(evidence, powerOn(machineDir, began));
}

async function untilEnded(api: ApiTarget, node: string, began: number): Promise<void> {
  while (Date.now() - began < DEADLINE_MS) {
    await sleep(1000);
    const [run] = await callApi<ProvisionStatus[]>(api, 'GET', `/api/v1/provision?nodes=${node}`);
    // The newest run may still be the one before, until the new one has planned.
    if (run === undefined || run.status === 'running' || Date.parse(run.startedAt) < began) continue;
    if (run.status !== 'completed') throw new Error(`${node} ${run.status} in ${run.stage}: ${run.reason}`);
    return;
  }
  throw new Error(`${node} was not installed within ${DEADLINE_MS / 60_000} minutes`);
}

/** When the machine's BMC last started it, milliseconds since 1970: what the run's boots are counted from. */
function powerOn(machineDir: string, began: number): number {
  const lines = readFileSync(join(machineDir, 'chassis.log'), 'utf8').split('\n');
  const starts = lines.filter((line) => /^\S+ start\b/.test(line)).map((line) => Date.parse(line.split(' ')[0] ?? ''));
  const first = starts.find((at) => at >= began);
  if (first === undefined) throw new Error(`${machineDir}/chassis.log does not say when the machine was switched on`);
  return first;
}

function installation(evidence: readonly Evidence[], poweredAt: number): Installation {
  const since = (e: Pick<Evidence, 'at'>): number => (Date.parse(e.at) - poweredAt) / 1000;
  const finished = evidence.filter(({ status }) => status === 'ok' || status === 'skipped');
  const ends = new Map<LunaStage, number>();
  for (const stage of STAGES) {
    const last = finished.filter((e) => e.stage === stage).at(-1);
    if (last !== undefined) ends.set(stage, since(last));
  }
  const waits = new Map<LunaStage, number>();
  let told = ends.get('pxe.kernel') ?? NaN;
  for (const e of finished.filter(({ stage }) => AGENT_STAGES.includes(stage))) {
    // A stage began when its report came less what it took, as the machine measured it.
    waits.set(e.stage, Math.max(0, since(e) - (e.durationMs ?? 0) / 1000 - told));
    told = since(e);
  }
  return { helloS: ends.get('pxe.kernel') ?? NaN, readyS: ends.get('ready') ?? NaN, ends, waits };
}
