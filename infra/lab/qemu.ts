import { machineFiles } from './files.ts';
import { boardOf, type FirmwareBoard } from './firmware.ts';
import type { MachinePlan } from './plan.ts';

/** Which device the firmware tries first. */
export type BootOrder = 'network-first' | 'disk-first';

/** The full command line of a machine; it daemonizes once the machine runs and writes its pid file. Pure. */
export function qemuCommand(labDir: string, machine: MachinePlan, order: BootOrder): string[] {
  const files = machineFiles(labDir, machine.name);
  const board = boardOf(machine.firmware);
  const bootIndex = order === 'network-first' ? { network: 1, disk: 2 } : { network: 2, disk: 1 };
  return [
    board.emulator,
    ...['-name', machine.name, '-uuid', machine.uuid, '-daemonize', '-pidfile', files.pid],
    // KVM is not asked for: in nested clouds it is often there and never gets as far as the kernel's first line.
    ...['-accel', 'tcg,thread=multi', '-cpu', machine.cpu, '-smp', '1', '-m', String(machine.memoryMb)],
    ...[...board.machine, '-display', 'none', '-vga', 'none', '-nodefaults', '-no-user-config'],
    ...['-chardev', `socket,id=serial0,path=${files.serialSocket},server=off,reconnect=1,logfile=${files.serialLog},logappend=on`],
    ...['-serial', 'chardev:serial0', '-qmp', `unix:${files.qmpSocket},server=on,wait=off`],
    ...(board.kcs ? inBandBmc(machine) : []),
    ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0'],
    ...['-netdev', `tap,id=net0,ifname=${machine.tap},script=no,downscript=no`],
    ...['-device', networkCard(machine, board, bootIndex.network)],
    ...(board.flash === null ? [] : pflash(board.flash.code, files.vars)),
    ...(board.network === null ? [] : networkSupport(board.network)),
    ...(machine.disk === 'none' ? [] : disk(files.disk, bootIndex.disk)),
  ];
}

function inBandBmc(machine: MachinePlan): string[] {
  const line = `socket,id=bmc0,host=127.0.0.1,port=${machine.inBandPort},reconnect=1`;
  return ['-chardev', line, '-device', 'ipmi-bmc-extern,chardev=bmc0,id=bmc', '-device', 'isa-ipmi-kcs,bmc=bmc,irq=5'];
}

function networkCard(machine: MachinePlan, board: FirmwareBoard, bootIndex: number): string {
  // An empty ROM leaves UEFI machines to the firmware's own PXE: a client that is not iPXE. BIOS machines boot by iPXE's ROM.
  const rom = board.flash === null ? '' : ',romfile=';
  return `virtio-net-pci,netdev=net0,mac=${machine.mac},bootindex=${bootIndex}${rom}`;
}

function pflash(code: string, vars: string): string[] {
  const unit = (number: number, rest: string): string[] => ['-drive', `if=pflash,format=raw,unit=${number},${rest}`];
  return [...unit(0, `readonly=on,file=${code}`), ...unit(1, `file=${vars}`)];
}

/** HTTP boot can't be switched off; it comes after PXE in OVMF's order. */
function networkSupport({ pxe4, pxe6 }: { pxe4: boolean; pxe6: boolean }): string[] {
  const setting = (name: string, on: boolean): string[] => ['-fw_cfg', `name=opt/org.tianocore/${name},string=${on ? 'y' : 'n'}`];
  return [...setting('IPv4PXESupport', pxe4), ...setting('IPv6PXESupport', pxe6)];
}

function disk(file: string, bootIndex: number): string[] {
  // cache=unsafe loses data only when the host dies, and installs in half the time.
  return ['-drive', `if=none,id=disk0,file=${file},format=qcow2,cache=unsafe`, '-device', `virtio-blk-pci,drive=disk0,bootindex=${bootIndex}`];
}
