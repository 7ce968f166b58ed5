/** How firmware fetches what it boots. */
export type BootTransport = 'tftp' | 'http';

/** A machine's firmware as it tells DHCP (option 93, RFC 4578 §2.1), and the iPXE binaries luna has for it. */
export interface BootFirmware {
  code: number;
  name: string;
  via: BootTransport;
  /**
   * What is tried, one after the other, by a machine that doesn't arrive. `undionly` and `snponly` drive the card through
   * the firmware that just used it, so they work wherever the ROM did; the others bring iPXE's own drivers, for firmware
   * whose network dies on hand-over.
   */
  ladder: readonly [string, ...string[]];
}

const BIOS = ['undionly.kpxe', 'ipxe.pxe'] as const;
const X64 = ['snponly.efi', 'ipxe.efi'] as const;
/** Firmware with Secure Boot refuses every iPXE; it says nothing of that by DHCP, so its turn comes after them. */
export const SHIM = 'shimx64.efi';
/** No file of Debian's package: they are served when the site has put them beside the others. */
const IA32 = ['snponly-i386.efi', 'ipxe-i386.efi'] as const;
const ARM64 = ['snponly-arm64.efi', 'ipxe-arm64.efi'] as const;

/**
 * IANA's registry of processor architectures. It lists 7 as "x64 UEFI" and 9 as "EBC", but firmware sends either for the
 * same thing (RFC 4578's errata). A ROM without option 93 is a BIOS. 15 and more are firmware that boots by HTTP.
 */
export const BOOT_FIRMWARE: readonly BootFirmware[] = [
  { code: 0, name: 'bios', via: 'tftp', ladder: BIOS },
  { code: 6, name: 'uefi-ia32', via: 'tftp', ladder: IA32 },
  { code: 7, name: 'uefi-x64', via: 'tftp', ladder: [...X64, SHIM] },
  { code: 9, name: 'uefi-ebc', via: 'tftp', ladder: X64 },
  { code: 11, name: 'uefi-arm64', via: 'tftp', ladder: ARM64 },
  { code: 15, name: 'uefi-ia32-http', via: 'http', ladder: IA32 },
  { code: 16, name: 'uefi-x64-http', via: 'http', ladder: X64 },
  { code: 17, name: 'uefi-ebc-http', via: 'http', ladder: X64 },
  { code: 19, name: 'uefi-arm64-http', via: 'http', ladder: ARM64 },
];

/** Where the boot HTTP service has these files, below its root. */
export const BOOT_FILE_PATH = '/boot/ipxe/';

/** A variant of iPXE that a network, a group or a node may be given instead of the usual one. */
export const IPXE_VARIANTS = ['undionly', 'snponly', 'ipxe'] as const;
export type IpxeVariant = (typeof IPXE_VARIANTS)[number];

/** The firmware of a code; a ROM that told none is a BIOS. Undefined for one that luna has no iPXE for. */
export function firmwareOf(code: number | null): BootFirmware | undefined {
  return BOOT_FIRMWARE.find((one) => one.code === (code ?? 0));
}

/**
 * What a firmware is given, in the order in which it is tried: the variant asked for first. A variant that the firmware
 * has none of changes nothing, so that one group may have machines of all kinds.
 */
export function bootLadder(firmware: BootFirmware, variant: IpxeVariant | null): readonly [string, ...string[]] {
  if (variant === null) return firmware.ladder;
  const wanted = firmware.ladder.find((file) => file.startsWith(`${variant}.`) || file.startsWith(`${variant}-`));
  return wanted === undefined ? firmware.ladder : [wanted, ...firmware.ladder.filter((file) => file !== wanted)];
}
