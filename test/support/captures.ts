import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const directory = join(import.meta.dirname, '..', 'fixtures', 'captures');

/** A captured payload by its name in test/fixtures/captures. */
export function capture(name: string): Uint8Array {
  return Uint8Array.from(Buffer.from(readFileSync(join(directory, `${name}.hex`), 'utf8').replace(/\s/g, ''), 'hex'));
}

/** The DHCP messages among the captures. */
export const dhcpCaptures = [
  'ipxe-bios-rom-discover',
  'ipxe-bios-rom-request',
  'ipxe-efi-rom-discover',
  'ipxe-snponly-discover',
  'ipxe-snponly-request',
  'ovmf-discover',
  'ovmf-request',
  'ovmf-http-discover',
  'aavmf-discover',
  'aavmf-request',
  'dhclient-discover',
  'dhclient-request',
  'udhcpc-discover',
  'udhcpc-request',
] as const;

/** The DHCPv6 messages among the captures. */
export const dhcp6Captures = ['ovmf-solicit', 'ovmf-dhcp6-request', 'ovmf-dhcp6-release', 'ipxe-dhcp6-solicit', 'ipxe-dhcp6-request'] as const;

/** The TFTP packets among the captures. */
export const tftpCaptures = ['ovmf-read-size', 'ovmf-read-error', 'ovmf-read-file'] as const;
