import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { startBmc } from './bmc.ts';
import { startController } from './controller.ts';
import { dismantle } from './down.ts';
import { labFiles } from './files.ts';
import { LabError } from './lab-error.ts';
import { prepareMachine } from './machine.ts';
import { namespaceExists, netnsDirIsMissing } from './namespace.ts';
import { buildNetwork } from './network.ts';
import { type LabOptions, type LabPlan, planLab } from './plan.ts';
import { startInside, startOutside } from './own-processes.ts';
import { requirePrograms } from './programs.ts';
import { type LabState, readLabState, writeLabState } from './state.ts';
import { startSwitch } from './switch.ts';
import { controllerPart, labStatus } from './status.ts';

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
 * Builds a virtual site, or finds it up already. Where only luna is missing, it is started; a lab that is broken otherwise is taken
 * down (its disks stay) and built again.
 * @throws LabError when the options differ from those of the lab that is up, or something can't be built; what was built by
 * then is left for `labDown`, with its logs.
 */
export async function labUp(options: LabOptions, progress: Progress = () => undefined): Promise<Lab> {
  requirePrograms(options.firmware);
  const plan = planLab(options);
  const before = readLabState(plan.dir);
  if (before) {
    if (!isDeepStrictEqual(before.plan, plan)) throw new LabError(`another lab is in ${plan.dir}`, `luna lab down --dir ${plan.dir}`);
    const { state, missing } = labStatus(plan.dir);
    if (state === 'up') return { plan, built: false, forwarded: before.forwarded };
    progress(`repairing: ${missing.join(', ')}`);
    if (missing.length === 1 && missing[0] === controllerPart) {
      await startController(plan);
      return { plan, built: true, forwarded: before.forwarded };
    }
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
