import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { Firmware } from './firmware.ts';
import { LabError } from './lab-error.ts';

/** `only`: what one kind of firmware alone needs. */
type Requirement = { need: string; debianPackage: string; only?: Firmware };

/** Programs and files the lab calls for, and the Debian package each comes in. */
const requirements: readonly Requirement[] = [
  { need: 'qemu-system-x86_64', debianPackage: 'qemu-system-x86' },
  { need: 'qemu-img', debianPackage: 'qemu-utils' },
  { need: '/usr/share/seabios/bios-256k.bin', debianPackage: 'seabios' },
  { need: '/usr/lib/ipxe/qemu/pxe-virtio.rom', debianPackage: 'ipxe-qemu' },
  { need: '/usr/share/OVMF/OVMF_CODE_4M.fd', debianPackage: 'ovmf' },
  { need: 'ipmi_sim', debianPackage: 'openipmi' },
  { need: 'ipmitool', debianPackage: 'ipmitool' },
  { need: 'snmpd', debianPackage: 'snmpd' },
  { need: 'snmpwalk', debianPackage: 'snmp' },
  { need: 'ip', debianPackage: 'iproute2' },
  { need: 'bridge', debianPackage: 'iproute2' },
  { need: 'tc', debianPackage: 'iproute2' },
  { need: 'nsenter', debianPackage: 'util-linux' },
  { need: 'flock', debianPackage: 'util-linux' },
  { need: 'socat', debianPackage: 'socat' },
  { need: 'qemu-system-aarch64', debianPackage: 'qemu-system-arm', only: 'arm64' },
  { need: '/usr/share/AAVMF/AAVMF_CODE.fd', debianPackage: 'qemu-efi-aarch64', only: 'arm64' },
];

/** Debian keeps daemons in sbin, which a user's PATH may lack. */
export const labPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/**
 * Makes sure that everything a lab of such machines calls is there, and that root and /dev/net/tun are.
 * @throws LabError naming each missing program and the command that installs them all.
 */
export function requirePrograms(firmware: readonly Firmware[] = [], directories: readonly string[] = labPath): void {
  const wanted = requirements.filter(({ only }) => only === undefined || firmware.includes(only));
  const missing = wanted.filter((one) => !isThere(one.need, directories));
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((one) => one.debianPackage))];
    const list = missing.map((one) => `${one.need} (package ${one.debianPackage})`).join(', ');
    throw new LabError(`the lab needs ${list}`, `apt-get install -y --no-install-recommends ${packages.join(' ')}`);
  }
  if (process.getuid?.() !== 0) throw new LabError('the lab makes network namespaces, which only root may', 'run it as root');
  if (!existsSync('/dev/net/tun')) throw new LabError('/dev/net/tun is missing', 'mkdir -p /dev/net; mknod /dev/net/tun c 10 200');
}

function isThere(need: string, directories: readonly string[]): boolean {
  const candidates = need.startsWith('/') ? [need] : directories.map((directory) => path.join(directory, need));
  return candidates.some((candidate) => {
    try {
      accessSync(candidate, need.startsWith('/') ? constants.R_OK : constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
