import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { stopController } from './controller.ts';
import { labFiles } from './files.ts';
import { pullPlug } from './machine.ts';
import { removeNamespace } from './namespace.ts';
import { outsidePids } from './own-processes.ts';
import { stopProcesses } from './processes.ts';
import { furtherNamespaces } from './segments.ts';
import { type LabState, readLabState, writeLabState } from './state.ts';

/** What `labDown` spares. */
export type DownOptions = {
  /** Leaves disks, logs and the controller's data; without it only a directory that others use survives. */
  keepFiles?: boolean;
};

/**
 * Stops and removes a lab: controller, machines, BMCs, switch, namespace, forwards, files. Fit for a lab that a crash left
 * half built. @returns false when there was none.
 */
export async function labDown(dir: string, options: DownOptions = {}): Promise<boolean> {
  const state = readLabState(path.resolve(dir));
  if (!state) return false;
  writeLabState({ ...state, phase: 'stopping' });
  await dismantle(state);
  removeFiles(state.plan.dir, options.keepFiles ?? false);
  return true;
}

/** Ends everything that runs for a lab; its files stay. */
export async function dismantle({ plan, madeNetnsDir }: LabState): Promise<void> {
  await stopController(plan);
  for (const machine of plan.machines) await pullPlug(plan.dir, machine.name);
  for (const further of furtherNamespaces(plan)) await removeNamespace(further, false);
  await removeNamespace(plan.namespace, madeNetnsDir);
  await stopProcesses(() => outsidePids(plan.dir), 2000);
}

function removeFiles(dir: string, keep: boolean): void {
  const files = labFiles(dir);
  const made = keep ? [files.forward] : [files.machines, files.bmcs, files.switch, files.forward, files.log, files.controller, files.bmcPassword];
  for (const file of made) rmSync(file, { recursive: true, force: true });
  // Last, as whatever is still there after a crash must be found again.
  rmSync(files.state, { force: true });
  if (existsSync(dir) && readdirSync(dir).length === 0) rmdirSync(dir);
}
