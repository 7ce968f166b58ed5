import path from 'node:path';
import { z } from 'zod';
import { boardOf, FIRMWARE, type Firmware } from './firmware.ts';
import { LabError } from './lab-error.ts';
import { type Segment, SEGMENTS } from './segments.ts';

const machineSchema = z.object({
  /** `node001` for machine 1. */
  name: z.string(),
  /** 1…64; also the number of its switch port. */
  number: z.number().int(),
  /** The port on the lab's switch, as `luna node add --port` takes it. */
  port: z.number().int(),
  /** 52:54:00:30:00:NN, NN being the machine's number in hexadecimal. */
  mac: z.string(),
  tap: z.string(),
  /** Labs that were built before there were segments have none. */
  segment: z.enum(SEGMENTS).default('near'),
  firmware: z.enum(FIRMWARE),
  uuid: z.string(),
  /** Size for qemu-img ("4G"), or "none" for a machine without a disk. */
  disk: z.string(),
  memoryMb: z.number().int(),
  cpu: z.string(),
  bmcAddress: z.string(),
  /** TCP port in the namespace by which QEMU's KCS device reaches the BMC. */
  inBandPort: z.number().int(),
  /** TCP port in the namespace by which the BMC's serial over LAN reaches the console. */
  consolePort: z.number().int(),
});

/** Everything that is decided about a lab before anything is built; this is what `lab.json` remembers. */
export const labPlanSchema = z.object({
  name: z.string(),
  namespace: z.string(),
  dir: z.string(),
  bridge: z.string(),
  bridgeMac: z.string(),
  ipmiBridge: z.string(),
  controllerAddress: z.string(),
  controllerIpmiAddress: z.string(),
  prefixLength: z.number().int(),
  switchName: z.string(),
  switchAddress: z.string(),
  community: z.string(),
  bmcUser: z.string(),
  /** Ports on the controller's loopback that the host shall reach: the Web UI's. */
  forwardPorts: z.array(z.number().int()),
  /** True when no `luna up` is started in the controller's namespace. */
  bare: z.boolean(),
  machines: z.array(machineSchema),
});

export type LabPlan = z.infer<typeof labPlanSchema>;
export type MachinePlan = z.infer<typeof machineSchema>;

/** What a caller of `labUp` may choose; everything has a default but the directory. */
export type LabOptions = {
  /** Holds all the lab writes; a short path, because unix sockets in it may not exceed 107 characters. */
  dir: string;
  /** Names the network namespace. */
  name?: string;
  nodes?: number;
  /** One per machine, repeated when there are more machines. */
  firmware?: Firmware[];
  /** Where each machine stands on the network, repeated when there are more machines; near the controller unless told. */
  segments?: Segment[];
  memoryMb?: number;
  cpu?: string;
  diskSize?: string;
  /** Names of machines that get no disk. */
  diskless?: string[];
  bmcUser?: string;
  /** Made at random when absent. At most 16 characters, as IPMI 1.5 demands. */
  bmcPassword?: string;
  bare?: boolean;
};

/** Ports are on loopback inside the namespace, below the ephemeral range. */
const inBandBase = 21000;
const consoleBase = 22000;
const maxMachines = 64;
/** The longest socket inside a lab is DIR/machines/node001/console.sock; sun_path holds 107 characters. */
const maxDirLength = 70;

/**
 * Decides names, addresses and ports of a lab; touches nothing.
 * @throws LabError when an option can't be honoured.
 */
export function planLab(options: LabOptions): LabPlan {
  const name = options.name ?? 'luna-lab';
  const nodes = options.nodes ?? 2;
  const dir = path.resolve(options.dir);
  check(/^[a-z][a-z0-9-]{0,30}$/.test(name), `lab name '${name}' is not usable`, 'use lower-case letters, digits and dashes');
  check(Number.isInteger(nodes) && nodes >= 1 && nodes <= maxMachines, `--nodes ${nodes} is not possible`, `use 1 to ${maxMachines}`);
  check(dir.length <= maxDirLength, `the lab's directory ${dir} is too long for unix sockets`, `use --dir with at most ${maxDirLength} characters`);
  check(!/[\s",]/.test(dir), `the lab's directory ${dir} has a space, quote or comma`, 'use --dir with a plain path');
  check((options.bmcPassword ?? 'x').length <= 16, 'the BMC password is longer than 16 characters', 'choose a shorter one');
  const machines = Array.from({ length: nodes }, (_, index) => planMachine(index + 1, options));
  const unknown = (options.diskless ?? []).filter((wanted) => !machines.some((machine) => machine.name === wanted));
  check(unknown.length === 0, `no machine is called ${unknown.join(', ')}`, `the machines are node001 to ${machines.at(-1)?.name}`);
  return {
    name,
    namespace: name,
    dir,
    bridge: 'br0',
    bridgeMac: '52:54:00:30:ff:01',
    ipmiBridge: 'ipmi0',
    controllerAddress: '10.30.0.1',
    controllerIpmiAddress: '10.31.0.1',
    prefixLength: 16,
    switchName: 'switch01',
    switchAddress: '10.31.0.2',
    community: 'public',
    bmcUser: options.bmcUser ?? 'admin',
    forwardPorts: [8233],
    bare: options.bare ?? false,
    machines,
  };
}

function planMachine(number: number, options: LabOptions): MachinePlan {
  const name = `node${String(number).padStart(3, '0')}`;
  const firmwares = options.firmware?.length ? options.firmware : (['bios'] as const);
  const firmware = firmwares[(number - 1) % firmwares.length] ?? 'bios';
  return {
    name,
    number,
    port: number,
    mac: `52:54:00:30:00:${number.toString(16).padStart(2, '0')}`,
    tap: `tap${number}`,
    segment: options.segments?.[(number - 1) % options.segments.length] ?? 'near',
    firmware,
    uuid: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    disk: options.diskless?.includes(name) ? 'none' : (options.diskSize ?? '4G'),
    memoryMb: options.memoryMb ?? 1536,
    cpu: boardOf(firmware).cpu ?? options.cpu ?? 'qemu64',
    bmcAddress: `10.31.1.${number}`,
    inBandPort: inBandBase + number,
    consolePort: consoleBase + number,
  };
}

function check(fine: boolean, reason: string, next: string): void {
  if (!fine) throw new LabError(reason, next);
}
