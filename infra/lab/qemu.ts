import { machineFiles } from './files.ts';
import type { MachinePlan } from './plan.ts';

/** Which device the firmware tries first. */
export type BootOrder = 'network-first' | 'disk-first';

/** Where Debian's ovmf package puts the firmware's code, and the template of its variable store. */
export const ovmf = { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.fd' };

/** The full command line of a machine; it daemonizes once the machine runs and writes its pid file. Pure. */
export function qemuCommand(labDir: string, machine: MachinePlan, order: BootOrder): string[] {
  const files = machineFiles(labDir, machine.name);
  const bootIndex = order === 'network-first' ? { network: 1, disk: 2 } : { network: 2, disk: 1 };
  return [
    'qemu-system-x86_64',
    ...['-name', machine.name, '-uuid', machine.uuid, '-daemonize', '-pidfile', files.pid],
    // KVM is not asked for: in nested clouds it is often there and never gets as far as the kernel's first line.
    ...['-accel', 'tcg,thread=multi', '-cpu', machine.cpu, '-smp', '1', '-m', String(machine.memoryMb)],
    // graphics=off makes SeaBIOS and iPXE write to the serial port.
    ...['-machine', 'q35,graphics=off', '-display', 'none', '-vga', 'none', '-nodefaults', '-no-user-config'],
    ...['-chardev', `socket,id=serial0,path=${files.serialSocket},server=off,reconnect=1,logfile=${files.serialLog},logappend=on`],
    ...['-serial', 'chardev:serial0', '-qmp', `unix:${files.qmpSocket},server=on,wait=off`],
    ...['-chardev', `socket,id=bmc0,host=127.0.0.1,port=${machine.inBandPort},reconnect=1`],
    ...['-device', 'ipmi-bmc-extern,chardev=bmc0,id=bmc', '-device', 'isa-ipmi-kcs,bmc=bmc,irq=5'],
    ...['-object', 'rng-random,id=rng0,filename=/dev/urandom', '-device', 'virtio-rng-pci,rng=rng0'],
    ...['-netdev', `tap,id=net0,ifname=${machine.tap},script=no,downscript=no`],
    ...['-device', networkCard(machine, bootIndex.network)],
    ...(machine.firmware === 'uefi' ? pflash(files.vars) : []),
    ...(machine.disk === 'none' ? [] : disk(files.disk, bootIndex.disk)),
  ];
}

function networkCard(machine: MachinePlan, bootIndex: number): string {
  // An empty ROM leaves UEFI machines to OVMF's own PXE: a client that is not iPXE. BIOS machines boot by iPXE's ROM.
  const rom = machine.firmware === 'uefi' ? ',romfile=' : '';
  return `virtio-net-pci,netdev=net0,mac=${machine.mac},bootindex=${bootIndex}${rom}`;
}

function pflash(vars: string): string[] {
  const unit = (number: number, rest: string): string[] => ['-drive', `if=pflash,format=raw,unit=${number},${rest}`];
  return [...unit(0, `readonly=on,file=${ovmf.code}`), ...unit(1, `file=${vars}`), '-fw_cfg', 'name=opt/org.tianocore/IPv6PXESupport,string=n'];
}

function disk(file: string, bootIndex: number): string[] {
  // cache=unsafe loses data only when the host dies, and installs in half the time.
  return ['-drive', `if=none,id=disk0,file=${file},format=qcow2,cache=unsafe`, '-device', `virtio-blk-pci,drive=disk0,bootindex=${bootIndex}`];
}
