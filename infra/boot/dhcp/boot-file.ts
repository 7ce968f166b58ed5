import { arch, type Options, option, suboption, text } from './options.ts';
import type { Client } from './client.ts';

/** Which of two boot files a firmware is given: the usual one, or the other one after a boot that did not arrive. */
export type BootPath = 'usual' | 'alternate';

/**
 * `undionly` and `snponly` drive the card through the firmware that just used it, so they work wherever the ROM did;
 * the alternates bring iPXE's own drivers, for firmware whose network dies on hand-over.
 */
const files: Readonly<Record<number, Readonly<Record<BootPath, string>>>> = {
  [arch.bios]: { usual: 'undionly.kpxe', alternate: 'ipxe.pxe' },
  [arch.uefiX64]: { usual: 'snponly.efi', alternate: 'ipxe.efi' },
  [arch.uefiEbc]: { usual: 'snponly.efi', alternate: 'ipxe.efi' },
};

/**
 * What the client is to load next: iPXE a script by URL, a PXE ROM an iPXE binary by TFTP, everything else nothing.
 * Null also for a PXE ROM of an architecture that luna has no iPXE for. A ROM without option 93 is a BIOS.
 */
export function bootFile(client: Client, path: BootPath, url: string): string | null {
  if (client.class === 'other') return null;
  if (client.class === 'ipxe') return url;
  return files[client.arch ?? arch.bios]?.[path] ?? null;
}

/** Options that only a boot program gets, without the boot file itself. `request` is what it asked. */
export function bootOptions(client: Client, request: Options): Options {
  const uuid = request.get(option.clientUuid);
  // RFC 4578 §2.3: a server that answers PXE echoes the identifier; some ROMs drop replies without it.
  const echoed: [number, Uint8Array][] = uuid === undefined ? [] : [[option.clientUuid, uuid]];
  switch (client.class) {
    case 'other':
      return new Map();
    case 'ipxe':
      // no-pxedhcp = 1: without it iPXE keeps listening for a ProxyDHCP server after the OFFER (docs/decisions/0001).
      // No option 60: iPXE takes an offer that says PXEClient for a ProxyDHCP server's.
      return new Map([...echoed, [option.ipxe, Uint8Array.of(suboption.ipxeNoProxyDhcp, 1, 1)]]);
    case 'pxe':
      // Discovery control 8: no boot server discovery, no menu, just load the file named (PXE 2.1 §2.2, tag 6 bit 3).
      return new Map([
        ...echoed,
        [option.vendorClass, text('PXEClient')],
        [option.vendorSpecific, Uint8Array.of(suboption.pxeDiscoveryControl, 1, 8, option.end)],
      ]);
  }
}
