import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { labFiles, machineFiles } from './files.ts';
import { boardOf } from './firmware.ts';
import { LabError } from './lab-error.ts';
import { runInNamespace } from './namespace.ts';
import type { LabPlan, MachinePlan } from './plan.ts';
import { commandLine, stopProcesses } from './processes.ts';
import { qemuCommand } from './qemu.ts';
import { runProgram } from './run-program.ts';

export type PowerState = 'on' | 'off';

/** Makes a machine's directory: empty disk, UEFI variables, and the command lines that `chassis.sh` starts. */
export async function prepareMachine(plan: LabPlan, machine: MachinePlan): Promise<void> {
  const files = machineFiles(plan.dir, machine.name);
  mkdirSync(files.dir, { recursive: true });
  const flash = boardOf(machine.firmware).flash;
  if (flash !== null && !existsSync(files.vars)) copyFileSync(flash.vars, files.vars, constants.COPYFILE_FICLONE);
  if (machine.disk !== 'none') await makeDisk(files.disk, machine.disk);
  writeFileSync(files.serialLog, '', { flag: 'a' });
  writeFileSync(files.boot, 'none\n');
  writeCommandLines(plan, machine);
}

/** Finds a machine of a lab by name. @throws LabError listing those there are. */
export function machineNamed(plan: LabPlan, name: string): MachinePlan {
  const machine = plan.machines.find((one) => one.name === name);
  if (machine) return machine;
  const names = plan.machines.map((one) => one.name).join(', ');
  throw new LabError(`no machine of this lab is called '${name}'`, `choose one of ${names}`);
}

/** Pid of the machine's QEMU, or null when it is off. */
export function machinePid(dir: string, name: string): number | null {
  const file = machineFiles(dir, name).pid;
  const pid = Number(written(file));
  // After a crash the number may belong to somebody else; QEMU's own command line has the name of its pid file.
  return Number.isInteger(pid) && pid > 0 && commandLine(pid).includes(file) ? pid : null;
}

/** What is in a file; nothing when there is none. QEMU removes its own at any moment. */
function written(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

/** Whether the machine runs. */
export function powerState(dir: string, name: string): PowerState {
  return machinePid(dir, name) === null ? 'off' : 'on';
}

/** Kills the machine as if its plug were pulled; its BMC lives on and says "off". Nothing happens when it is off. */
export async function pullPlug(dir: string, name: string): Promise<void> {
  await stopProcesses(() => [machinePid(dir, name)].filter((pid) => pid !== null), 0);
  rmSync(machineFiles(dir, name).pid, { force: true });
}

/** Takes the disk out of a machine, or puts it back (with what it held); holds from the machine's next power-on. */
export async function changeDisk(plan: LabPlan, name: string, disk: 'none' | 'present'): Promise<void> {
  const machine = machineNamed(plan, name);
  const size = machine.disk === 'none' ? '4G' : machine.disk;
  if (disk === 'present') await makeDisk(machineFiles(plan.dir, name).disk, size);
  writeCommandLines(plan, { ...machine, disk: disk === 'none' ? 'none' : size });
}

/**
 * Runs ipmitool against the machine's BMC with the lab's own credentials: `ipmi(plan, 'node001', 'chassis', 'power', 'on')`.
 * @throws LabError with ipmitool's words, or after 20 s.
 */
export function ipmi(plan: LabPlan, name: string, ...command: string[]): Promise<string> {
  const { bmcAddress } = machineNamed(plan, name);
  // Cipher suite 3 is said, because asking the simulator for its suites costs seconds and fails.
  const access = ['-C', '3', '-I', 'lanplus', '-H', bmcAddress, '-U', plan.bmcUser, '-f', labFiles(plan.dir).bmcPassword];
  return runInNamespace(plan.namespace, ['ipmitool', ...access, ...command], 20_000);
}

function writeCommandLines(plan: LabPlan, machine: MachinePlan): void {
  const files = machineFiles(plan.dir, machine.name);
  writeFileSync(files.networkFirst, `${qemuCommand(plan.dir, machine, 'network-first').join('\n')}\n`);
  writeFileSync(files.diskFirst, `${qemuCommand(plan.dir, machine, 'disk-first').join('\n')}\n`);
}

async function makeDisk(file: string, size: string): Promise<void> {
  if (!existsSync(file)) await runProgram(['qemu-img', 'create', '-q', '-f', 'qcow2', file, size]);
}
