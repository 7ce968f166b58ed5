import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { labFiles, machineFiles } from './files.ts';
import { startInNamespace } from './namespace.ts';
import type { LabPlan } from './plan.ts';
import { findProcesses, startDetached } from './processes.ts';
import { siblingProcess } from './sibling.ts';
import { waitUntil } from './wait-until.ts';

/** Starts the process in the namespace that holds consoles and inner forwards; returns when they can be reached. */
export async function startInside(plan: LabPlan): Promise<void> {
  const log = path.join(labFiles(plan.dir).log, 'inside.log');
  for (const machine of plan.machines) rmSync(machineFiles(plan.dir, machine.name).consoleSocket, { force: true });
  await startInNamespace(plan.namespace, siblingProcess('inside', plan.dir), log);
  const last = plan.machines.at(-1);
  const ready = (): boolean => last !== undefined && existsSync(machineFiles(plan.dir, last.name).consoleSocket);
  await waitUntil('the consoles', 15_000, ready, `see ${log}`);
}

/** Starts the process on the host that holds the outer forwards. @returns controller port → port on the host's 127.0.0.1. */
export async function startOutside(plan: LabPlan): Promise<Record<string, number>> {
  const { forward, log } = labFiles(plan.dir);
  mkdirSync(forward, { recursive: true, mode: 0o700 });
  const ports = path.join(forward, 'ports.json');
  rmSync(ports, { force: true });
  await startDetached(siblingProcess('outside', plan.dir), path.join(log, 'outside.log'));
  await waitUntil('the forwards to the host', 15_000, () => existsSync(ports), `see ${path.join(log, 'outside.log')}`);
  return JSON.parse(readFileSync(ports, 'utf8')) as Record<string, number>;
}

/** Pids of the only process of a lab that is not in its namespace; it may have been started from the sources or from `dist/`. */
export function outsidePids(dir: string): number[] {
  return findProcesses((argv) => argv.at(-1) === dir && /\/infra\/lab\/outside\.[jt]s$/.test(argv.at(-2) ?? ''));
}
