/** The kinds of firmware a lab's machine can have. */
export const FIRMWARE = ['bios', 'uefi', 'uefi-http', 'uefi-ipv6', 'uefi-secure', 'arm64'] as const;

export type Firmware = (typeof FIRMWARE)[number];

/** What makes a machine of one firmware: its emulator, board, flash and network card. */
export interface FirmwareBoard {
  /** One sentence for people. */
  summary: string;
  emulator: string;
  /** QEMU's machine and what has to stand beside it. */
  machine: readonly string[];
  /** The CPU when none is chosen for it: a guest of another architecture can't take the lab's. */
  cpu: string | null;
  /** UEFI code, read-only and shared, and the template of a machine's own variables; null for SeaBIOS, QEMU's own. */
  flash: { code: string; vars: string } | null;
  /** What the firmware tries over the network: OVMF reads these from QEMU's fw_cfg. iPXE's ROM alone for a BIOS. */
  network: { pxe4: boolean; pxe6: boolean } | null;
  /** Whether the board has an ISA bus for the BMC's KCS interface. */
  kcs: boolean;
}

/** graphics=off makes SeaBIOS and iPXE write to the serial port. */
const pc = { emulator: 'qemu-system-x86_64', machine: ['-machine', 'q35,graphics=off'], cpu: null, kcs: true } as const;
const ovmf = { code: '/usr/share/OVMF/OVMF_CODE_4M.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.fd' };

const BOARDS: Readonly<Record<Firmware, FirmwareBoard>> = {
  bios: { ...pc, summary: "SeaBIOS, iPXE's ROM on the card", flash: null, network: null },
  uefi: { ...pc, summary: "OVMF with its own PXE over IPv4", flash: ovmf, network: { pxe4: true, pxe6: false } },
  'uefi-http': { ...pc, summary: 'OVMF that boots over HTTP alone', flash: ovmf, network: { pxe4: false, pxe6: false } },
  'uefi-ipv6': { ...pc, summary: 'OVMF with its own PXE over IPv6 alone', flash: ovmf, network: { pxe4: false, pxe6: true } },
  'uefi-secure': {
    ...pc,
    summary: "OVMF with Secure Boot and Microsoft's keys",
    // This build of OVMF keeps its variables behind system management mode, or refuses to start.
    machine: ['-machine', 'q35,graphics=off,smm=on', '-global', 'driver=cfi.pflash01,property=secure,value=on', '-global', 'ICH9-LPC.disable_s3=1'],
    flash: { code: '/usr/share/OVMF/OVMF_CODE_4M.ms.fd', vars: '/usr/share/OVMF/OVMF_VARS_4M.ms.fd' },
    network: { pxe4: true, pxe6: false },
  },
  arm64: {
    summary: 'UEFI of a 64-bit Arm machine',
    emulator: 'qemu-system-aarch64',
    machine: ['-machine', 'virt'],
    cpu: 'cortex-a57',
    flash: { code: '/usr/share/AAVMF/AAVMF_CODE.fd', vars: '/usr/share/AAVMF/AAVMF_VARS.fd' },
    network: { pxe4: true, pxe6: false },
    kcs: false,
  },
};

/** The board of a firmware. */
export function boardOf(firmware: Firmware): FirmwareBoard {
  return BOARDS[firmware];
}

/** Whether a word names a firmware. */
export function isFirmware(word: string): word is Firmware {
  return (FIRMWARE as readonly string[]).includes(word);
}
