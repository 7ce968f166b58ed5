import path from 'node:path';

/** Where a lab keeps what: paths below its directory. */
export type LabFiles = {
  state: string;
  bmcPassword: string;
  log: string;
  machines: string;
  bmcs: string;
  switch: string;
  forward: string;
  /** LUNA_DATA of the luna that runs in the controller's namespace. */
  controller: string;
};

/** Paths of one machine. */
export type MachineFiles = {
  dir: string;
  disk: string;
  vars: string;
  serialLog: string;
  /** QEMU connects its serial port here. */
  serialSocket: string;
  /** People connect here to see and type. */
  consoleSocket: string;
  qmpSocket: string;
  pid: string;
  /** Argument lists, one argument a line, for the two boot orders. */
  networkFirst: string;
  diskFirst: string;
  /** The boot device chosen by IPMI: none, pxe or default (which is the disk). */
  boot: string;
};

/** Paths of a lab in `dir`. */
export function labFiles(dir: string): LabFiles {
  const at = (name: string): string => path.join(dir, name);
  return {
    state: at('lab.json'),
    bmcPassword: at('bmc-password'),
    log: at('log'),
    machines: at('machines'),
    bmcs: at('bmc'),
    switch: at('switch'),
    forward: at('forward'),
    controller: at('controller'),
  };
}

/** Paths of machine `name` of the lab in `dir`. `chassis.sh` knows the same names. */
export function machineFiles(dir: string, name: string): MachineFiles {
  const machine = path.join(labFiles(dir).machines, name);
  const at = (file: string): string => path.join(machine, file);
  return {
    dir: machine,
    disk: at('disk.qcow2'),
    vars: at('vars.fd'),
    serialLog: at('serial.log'),
    serialSocket: at('serial.sock'),
    consoleSocket: at('console.sock'),
    qmpSocket: at('qmp.sock'),
    pid: at('qemu.pid'),
    networkFirst: at('qemu.network-first'),
    diskFirst: at('qemu.disk-first'),
    boot: at('boot'),
  };
}

/** The unix socket by which the host reaches `port` of the controller's loopback. */
export function forwardSocket(dir: string, port: number): string {
  return path.join(labFiles(dir).forward, `${port}.sock`);
}
