import { BOOT_FILE_PATH, bootLadder, firmwareOf, type IpxeVariant } from '../../../domain/boot-files.ts';
import { type Options, option, suboption, text } from './options.ts';
import type { Client } from './client.ts';

/** What the site wants a machine to boot instead of the usual: a file of its own, or a variant of iPXE. */
export interface BootWishes {
  readonly bootfile: string | null;
  readonly ipxe: IpxeVariant | null;
  /** DHCP options by number, as they go out. */
  readonly options?: ReadonlyMap<number, Uint8Array>;
}

/** Where boot programs come from. `has`: whether a file is there to be served. */
export interface BootSource {
  /** URL of the boot script, for iPXE. */
  readonly script: string;
  /** Base URL of the boot HTTP service, without a slash at its end. */
  readonly http: string;
  has(file: string): boolean;
}

/** What a client is to load, with a word on why where that doesn't speak for itself. Null: nothing. */
export interface BootFile {
  readonly file: string | null;
  readonly why: string;
}

/**
 * What the client is to load next: iPXE a script by URL, a PXE ROM an iPXE binary by TFTP, firmware that boots by HTTP the
 * same by URL, everything else nothing. `path` counts the boots that did not arrive: each is given the next file in turn.
 */
export function bootFile(client: Client, path: number, wishes: BootWishes, source: BootSource): BootFile {
  if (client.class === 'other') return { file: null, why: '' };
  const files = filesFor(client, wishes, source);
  if (client.class === 'ipxe') {
    // A ROM's own iPXE that gets no script may have lost its network to its driver: every second time it is given luna's.
    const instead = path % 2 === 1 ? files[((path - 1) / 2) % Math.max(1, files.length)] : undefined;
    return { file: instead ?? source.script, why: '' };
  }
  if (wishes.bootfile !== null) return { file: located(client, wishes.bootfile, source), why: 'the boot file the site declares' };
  const file = files[path % Math.max(1, files.length)];
  if (file === undefined) return { file: null, why: `no iPXE for firmware of architecture ${client.arch ?? 0}` };
  return { file: located(client, file, source), why: '' };
}

/** Whether the site wants a variant of iPXE that there is for the machine's firmware. */
export function hasVariant(client: Client, wishes: BootWishes, source: BootSource): boolean {
  return wishes.ipxe !== null && filesFor(client, wishes, source)[0]?.startsWith(wishes.ipxe) === true;
}

function filesFor(client: Client, { ipxe }: BootWishes, { has }: BootSource): readonly string[] {
  const firmware = firmwareOf(client.arch);
  return firmware === undefined ? [] : bootLadder(firmware, ipxe).filter(has);
}

/** Firmware that boots by HTTP wants a URL. */
function located(client: Client, file: string, source: BootSource): string {
  return client.class === 'http' && !/^https?:\/\//.test(file) ? `${source.http}${BOOT_FILE_PATH}${file}` : file;
}

/** Adds the options that only a boot program gets, without the boot file itself. `request` is what it asked. */
export function addBootOptions(options: Options, client: Client, request: Options): void {
  if (client.class === 'other') return;
  const uuid = request.get(option.clientUuid);
  // RFC 4578 §2.3: a server that answers PXE echoes the identifier; some ROMs drop replies without it.
  if (uuid !== undefined) options.set(option.clientUuid, uuid);
  if (client.class === 'ipxe') {
    // no-pxedhcp = 1: without it iPXE keeps listening for a ProxyDHCP server after the OFFER (docs/decisions/0001).
    // No option 60: iPXE takes an offer that says PXEClient for a ProxyDHCP server's.
    options.set(option.ipxe, noProxyDhcp);
    return;
  }
  // UEFI 2.10 §24.7.3.1: firmware that boots by HTTP takes no offer without this class.
  options.set(option.vendorClass, text(client.class === 'http' ? 'HTTPClient' : 'PXEClient'));
  if (client.class === 'pxe') options.set(option.vendorSpecific, justLoad);
}

const noProxyDhcp = Uint8Array.of(suboption.ipxeNoProxyDhcp, 1, 1);
/** Discovery control 8: no boot server discovery, no menu, just load the file named (PXE 2.1 §2.2, tag 6 bit 3). */
const justLoad = Uint8Array.of(suboption.pxeDiscoveryControl, 1, 8, option.end);
