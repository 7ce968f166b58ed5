import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../root.ts';
import { labFiles } from './files.ts';
import { LabError } from './lab-error.ts';
import { inNamespace, namespaceExists } from './namespace.ts';
import type { LabPlan } from './plan.ts';
import { runProgram } from './run-program.ts';

const lunaCommand = path.join(projectRoot, 'cli', 'bin', 'luna');

/** The environment that makes `luna` mean the lab's controller; its API answers on a unix socket, from anywhere on the host. */
export function controllerEnvironment(plan: LabPlan): Record<string, string> {
  return { LUNA_DATA: labFiles(plan.dir).controller };
}

export async function startController(plan: LabPlan): Promise<void> {
  mkdirSync(labFiles(plan.dir).controller, { recursive: true });
  const argv = inNamespace(plan.namespace, [lunaCommand, 'up']);
  const failed = (error: Error): never => {
    throw new LabError(`luna up failed in the controller: ${error.message}`, `see ${labFiles(plan.dir).controller}/log, or build only the site: luna lab up --bare`);
  };
  await runProgram(argv, { timeoutMs: 60_000, env: controllerEnvironment(plan) }).catch(failed);
}

/** Runs `luna down` there; what it leaves behind ends with the namespace. */
export async function stopController(plan: LabPlan): Promise<void> {
  if (!namespaceExists(plan.namespace) || !existsSync(path.join(labFiles(plan.dir).controller, 'run'))) return;
  const argv = inNamespace(plan.namespace, [lunaCommand, 'down']);
  await runProgram(argv, { timeoutMs: 25_000, env: controllerEnvironment(plan) }).catch(() => '');
}
