import path from 'node:path';
import { labFiles, machineFiles } from './files.ts';
import { machinePid, type PowerState } from './machine.ts';
import { namespaceExists, namespacePids } from './namespace.ts';
import type { Firmware } from './firmware.ts';
import type { MachinePlan } from './plan.ts';
import { outsidePids } from './own-processes.ts';
import { commandLine } from './processes.ts';
import { type LabState, readLabState } from './state.ts';

/** The part whose absence is cured by `luna up` alone. */
export const controllerPart = 'luna in the controller';

/** One machine of a lab as it is now. */
export type MachineStatus = {
  name: string;
  power: PowerState;
  pid: number | null;
  firmware: Firmware;
  mac: string;
  port: number;
  bmcAddress: string;
  /** Whether the machine's BMC process runs. */
  bmc: boolean;
  disk: string;
  serialLog: string;
};

/** A lab as it is now. `broken`: something of it is missing, `luna lab up` repairs it. */
export type LabStatus = {
  state: 'absent' | 'up' | 'broken';
  dir: string;
  namespace: string | null;
  /** Why it is broken: the parts that are missing. */
  missing: string[];
  /** LUNA_DATA of the controller, null when the lab is bare. */
  controller: string | null;
  /** The Web UI's address on the host, null when nothing is forwarded. */
  webUi: string | null;
  machines: MachineStatus[];
};

/** Looks at the lab in `dir`: at its processes and its namespace, not only at what it remembers. */
export function labStatus(dir: string): LabStatus {
  const state = readLabState(path.resolve(dir));
  if (!state) return { state: 'absent', dir: path.resolve(dir), namespace: null, missing: [], controller: null, webUi: null, machines: [] };
  const { plan } = state;
  const running = namespacePids(plan.namespace).map((pid) => commandLine(pid));
  const machines = plan.machines.map((machine) => machineStatus(plan.dir, machine, running));
  const missing = missingParts(state, running, machines);
  const port = state.forwarded['8233'];
  return {
    state: missing.length === 0 ? 'up' : 'broken',
    dir: plan.dir,
    namespace: plan.namespace,
    missing,
    controller: plan.bare ? null : labFiles(plan.dir).controller,
    webUi: port === undefined || plan.bare ? null : `http://127.0.0.1:${port}`,
    machines,
  };
}

function machineStatus(dir: string, machine: MachinePlan, running: string[][]): MachineStatus {
  const pid = machinePid(dir, machine.name);
  const { name, firmware, mac, port, bmcAddress, disk } = machine;
  const config = path.join(labFiles(dir).bmcs, name, 'lan.conf');
  const bmc = running.some((argv) => argv.includes(config));
  return { name, power: pid === null ? 'off' : 'on', pid, firmware, mac, port, bmcAddress, bmc, disk, serialLog: machineFiles(dir, name).serialLog };
}

function missingParts({ phase, plan }: LabState, running: string[][], machines: MachineStatus[]): string[] {
  const runs = (file: string): boolean => running.some((argv) => argv.some((argument) => argument.includes(file)));
  const parts: [string, boolean][] = [
    [`phase '${phase}' was not finished`, phase === 'up'],
    ['network namespace', namespaceExists(plan.namespace)],
    ['switch', runs(path.join(labFiles(plan.dir).switch, 'snmpd.conf'))],
    ['consoles', runs('/infra/lab/inside.')],
    ['forwards', outsidePids(plan.dir).length > 0],
    ...machines.map((machine): [string, boolean] => [`BMC of ${machine.name}`, machine.bmc]),
    [controllerPart, plan.bare || runs('/workers/supervisor.')],
  ];
  return parts.filter(([, there]) => !there).map(([part]) => part);
}
