import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { startBmc } from './bmc.ts';
import { startController } from './controller.ts';
import { dismantle } from './down.ts';
import { labFiles, machineFiles } from './files.ts';
import { LabError } from './lab-error.ts';
import { prepareMachine } from './machine.ts';
import { namespaceExists, netnsDirIsMissing, startInNamespace } from './namespace.ts';
import { buildNetwork } from './network.ts';
import { type LabOptions, type LabPlan, planLab } from './plan.ts';
import { startDetached } from './processes.ts';
import { requirePrograms } from './programs.ts';
import { siblingProcess } from './sibling.ts';
import { type LabState, readLabState, writeLabState } from './state.ts';
import { startSwitch } from './switch.ts';
import { labStatus } from './status.ts';
import { waitUntil } from './wait-until.ts';

/** A lab that is up. */
export type Lab = {
  plan: LabPlan;
  /** False when the lab was up already and nothing was done. */
  built: boolean;
  /** Controller port → port on the host's 127.0.0.1. */
  forwarded: Readonly<Record<string, number>>;
};

/** Told what is being done, one line each. */
export type Progress = (line: string) => void;

/**
 * Builds a virtual site, or finds it up already. A lab that is broken is taken down (its disks stay) and built again.
 * @throws LabError when the options differ from those of the lab that is up, or something can't be built; what was built by
 * then is left for `labDown`, with its logs.
 */
export async function labUp(options: LabOptions, progress: Progress = () => undefined): Promise<Lab> {
  requirePrograms();
  const plan = planLab(options);
  const before = readLabState(plan.dir);
  if (before) {
    if (!isDeepStrictEqual(before.plan, plan)) throw new LabError(`another lab is in ${plan.dir}`, `luna lab down --dir ${plan.dir}`);
    const { state, missing } = labStatus(plan.dir);
    if (state === 'up') return { plan, built: false, forwarded: before.forwarded };
    progress(`repairing: ${missing.join(', ')}`);
    await dismantle(before);
  } else if (namespaceExists(plan.namespace)) {
    throw new LabError(`the network namespace ${plan.namespace} exists and is no lab of ${plan.dir}`, 'choose another --name, or remove it: ip netns delete');
  }
  return build(plan, options.bmcPassword, before?.madeNetnsDir ?? netnsDirIsMissing(), progress);
}

async function build(plan: LabPlan, password: string | undefined, madeNetnsDir: boolean, progress: Progress): Promise<Lab> {
  const state: LabState = { version: 1, phase: 'building', plan, madeNetnsDir, forwarded: {} };
  writeLabState(state);
  const bmcPassword = keepPassword(plan, password);
  progress(`network namespace ${plan.namespace}: ${plan.bridge} ${plan.controllerAddress}/${plan.prefixLength}, ${plan.machines.length} switch ports`);
  await buildNetwork(plan);
  for (const machine of plan.machines) await prepareMachine(plan, machine);
  progress(`switch ${plan.switchName} at ${plan.switchAddress}, a BMC for each machine, consoles`);
  await Promise.all([startSwitch(plan), startInside(plan), ...plan.machines.map((machine) => startBmc(plan, machine, bmcPassword))]);
  const forwarded = await startOutside(plan);
  if (!plan.bare) {
    progress('luna up in the controller');
    await startController(plan);
  }
  writeLabState({ ...state, phase: 'up', forwarded });
  return { plan, built: true, forwarded };
}

/** The BMCs' password: given, kept from an earlier build, or new. 0600. */
function keepPassword(plan: LabPlan, given: string | undefined): string {
  const file = labFiles(plan.dir).bmcPassword;
  const password = given ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : randomBytes(6).toString('hex'));
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
}

async function startInside(plan: LabPlan): Promise<void> {
  const log = path.join(labFiles(plan.dir).log, 'inside.log');
  for (const machine of plan.machines) rmSync(machineFiles(plan.dir, machine.name).consoleSocket, { force: true });
  await startInNamespace(plan.namespace, siblingProcess('inside', plan.dir), log);
  const last = plan.machines.at(-1);
  const ready = (): boolean => last !== undefined && existsSync(machineFiles(plan.dir, last.name).consoleSocket);
  await waitUntil('the consoles', 15_000, ready, `see ${log}`);
}

async function startOutside(plan: LabPlan): Promise<Record<string, number>> {
  const { forward, log } = labFiles(plan.dir);
  mkdirSync(forward, { recursive: true, mode: 0o700 });
  const ports = path.join(forward, 'ports.json');
  rmSync(ports, { force: true });
  await startDetached(siblingProcess('outside', plan.dir), path.join(log, 'outside.log'));
  await waitUntil('the forwards to the host', 15_000, () => existsSync(ports), `see ${path.join(log, 'outside.log')}`);
  return JSON.parse(readFileSync(ports, 'utf8')) as Record<string, number>;
}
