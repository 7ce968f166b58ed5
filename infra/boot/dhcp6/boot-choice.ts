import type { Mac } from '../../../domain/mac.ts';
import { bootFile } from '../dhcp/boot-file.ts';
import type { BootPaths } from '../dhcp/boot-paths.ts';
import type { Client } from '../dhcp/client.ts';
import { placeOf } from '../place.ts';
import type { Client6 } from './client.ts';
import type { Reservation6 } from './deps.ts';

/** Where boot programs come from, and how their boots went so far. */
export interface BootSource6 {
  readonly httpPort: number;
  /** Of IPv6 alone: iPXE asks over both families in one boot, which would look like two. */
  readonly paths: BootPaths;
  /** Whether a boot file is there to be served. */
  has(file: string): boolean;
}

/** What boot programs are told. */
export interface BootChoice6 {
  /** The URL of what to load and a word on why, where it doesn't speak for itself; `begins` when a boot begins. */
  choose(client: Client6, mac: Mac, server: string, reserved: Reservation6, begins: boolean): { readonly url: string | null; readonly why: string };
  /** It took its address and this URL. */
  given(client: Client6, mac: Mac, url: string | null): void;
}

/**
 * The boot files of IPv4 as DHCPv6 names them: always by a URL with a literal address, since firmware resolves no names
 * (RFC 5970 §3.1). Nothing for firmware that luna has no iPXE for.
 */
export function createBootChoice6({ httpPort, paths, has }: BootSource6): BootChoice6 {
  const asClient = ({ class: kind, arch }: Client6, mac: Mac): Client => ({ mac, class: kind, arch });
  return {
    choose(client6, mac, server, { bootPath = 0, boot = null }, begins) {
      const client = asClient(client6, mac);
      const { path, why } = paths.asked(client, begins, bootPath);
      const http = `http://${placeOf(server, httpPort)}`;
      const wishes = boot ?? { bootfile: null, ipxe: null };
      const chosen = bootFile(client, path, wishes, { script: `${http}/luna?step=boot&mac=${mac}`, http, has });
      const url = chosen.file === null || chosen.file.includes('://') ? chosen.file : `tftp://[${server}]/${chosen.file}`;
      return { url, why: chosen.why === '' ? why : chosen.why };
    },
    given: (client, mac, url) => paths.given(asClient(client, mac), url),
  };
}
