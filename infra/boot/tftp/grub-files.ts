import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SHIM } from '../../../domain/boot-files.ts';
import { isMac, parseMac, type Mac } from '../../../domain/mac.ts';
import { type Files, mappedFiles } from './files.ts';

/** What GRUB is given by TFTP beside itself: Debian's signed build has no HTTP. */
export interface GrubDeps {
  /** The boot script of the machine with this MAC, which asks from this address. Must not throw. */
  script(mac: Mac, ip: string): Promise<string>;
  /** The same when a person has chosen in the menu which node it is. */
  chosen(mac: Mac, node: string, ip: string): Promise<string>;
  /** Kernels and initramfs, named by their content. */
  readonly bootDir: string;
}

/** Where Debian's packages `shim-signed` and `grub-efi-amd64-signed` put their binaries. */
const SIGNED = ['/usr/lib/shim', '/usr/lib/grub/x86_64-efi-signed'];
/** The shim asks for GRUB under this name. */
const NAMES = { [SHIM]: 'shimx64.efi.signed', 'grubx64.efi': 'grubnetx64.efi.signed' };

/** Whether both signed binaries are on this machine: the shim alone leads nowhere. */
export function signedFilesHere(): boolean {
  return Object.values(NAMES).every((file) => SIGNED.some((folder) => existsSync(join(folder, file))));
}

/**
 * The chain for firmware with Secure Boot, which loads nothing but what Microsoft's key has signed: the shim, GRUB, GRUB's
 * configuration below the prefix that is built into it, then a script by MAC, kernel and initramfs.
 */
export function grubFiles(deps: GrubDeps): Files {
  const signed = mappedFiles({ directories: SIGNED, names: NAMES });
  const boot = bootFiles(deps.bootDir);
  return async (asked, client) => {
    const [place = '', ...rest] = asked.replace(/^\/+/, '').split('/');
    if (rest.length === 0) return signed(place);
    if (place === 'boot') return boot(rest.join('/'));
    if (place !== 'grub') return null;
    const [kind = '', told = '', node] = rest;
    if (rest.length === 1 && kind === 'grub.cfg') return Buffer.from(FIRST);
    if (!isMac(told)) return null;
    const mac = parseMac(told);
    if (kind === 'boot' && rest.length === 2) return Buffer.from(await deps.script(mac, client));
    if (kind === 'node' && rest.length === 3 && node !== undefined) return Buffer.from(await deps.chosen(mac, node, client));
    return null;
  };
}

/** The path of the script of a MAC, as GRUB asks for it. */
export const grubScriptPath = (mac: Mac): string => `/grub/boot/${mac}`;

/** The path of the script of a MAC that a person has given to a node. */
export const grubNodePath = (mac: Mac, node: string): string => `/grub/node/${mac}/${node}`;

/** GRUB's configuration, the same for every machine: each asks for its own script. */
const FIRST = `set pager=0
while true; do
  configfile "/grub/boot/$net_default_mac"
  echo 'luna: no boot script; asking again in 3 s'
  sleep 3
done
`;

/** Serves what the first has, or else the next. */
export function firstOf(...all: readonly Files[]): Files {
  return async (name, client) => {
    for (const files of all) {
      const content = await files(name, client);
      if (content !== null) return content;
    }
    return null;
  };
}

/** Files of a folder by their plain names. Those that are gone from it are not kept in memory either. */
function bootFiles(folder: string): (name: string) => Promise<Buffer | null> {
  let files = mappedFiles({ directories: [], names: {} });
  let known = '';
  return async (name) => {
    const listed = (await readdir(folder).catch(() => [])).sort();
    if (listed.join('\n') !== known) {
      known = listed.join('\n');
      files = mappedFiles({ directories: [folder], names: Object.fromEntries(listed.map((one) => [one, one])) });
    }
    return files(name);
  };
}
