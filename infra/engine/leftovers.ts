import { mkdirSync, readdirSync } from 'node:fs';
import type { Config } from '../config.ts';
import { isAlive, sendSignal, waitGone } from './process-identity.ts';
import { type PidFile, readPid, removeTraces } from './state-file.ts';

/** How long a process that a crashed supervisor left may take to stop. */
const stopMs = 12_000;

/** The living processes that an earlier supervisor of this instance started, known by their pid files. */
export function leftovers(config: Config): PidFile[] {
  mkdirSync(config.runDir, { recursive: true, mode: 0o700 });
  return readdirSync(config.runDir)
    .filter((file) => file.endsWith('.pid'))
    .flatMap((file) => readPid(config, file.slice(0, -'.pid'.length)) ?? [])
    .filter((process) => isAlive(process));
}

/** Stops them, workers before engines. Returns what was stopped; `killed` did not stop in time. */
export async function stopLeftovers(config: Config): Promise<{ name: string; killed: boolean }[]> {
  const found = leftovers(config);
  const results: { name: string; killed: boolean }[] = [];
  for (const tier of ['worker', 'engine'] as const) {
    results.push(...await Promise.all(found.filter((process) => process.tier === tier).map((process) => stopOne(config, process))));
  }
  return results;
}

async function stopOne(config: Config, process: PidFile): Promise<{ name: string; killed: boolean }> {
  sendSignal(process.pid, 'SIGTERM');
  const stopped = await waitGone(process, stopMs);
  if (!stopped) {
    sendSignal(process.pid, 'SIGKILL', true);
    await waitGone(process, stopMs);
  }
  removeTraces(config, process.name);
  return { name: process.name, killed: !stopped };
}
