import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BOOT_FIRMWARE } from '../../../domain/boot-files.ts';

/** Loads a file that is served under a name to a client with this address; null when there is no such name or file. */
export type Files = (name: string, client: string) => Promise<Buffer | null>;

/** The names that are served, and where each comes from. */
export interface FileMap {
  /** Searched in order. */
  readonly directories: readonly string[];
  /** Served name → file name in a directory. Nothing else can be read, whatever path is asked for. */
  readonly names: Readonly<Record<string, string>>;
}

/** Where Debian's package `ipxe` puts its binaries. */
export const ipxeDirectory = '/usr/lib/ipxe';

/** The iPXE binaries under their own names, and under those that Luna 1 gave them and that old DHCP servers still announce. */
export const ipxeNames: Readonly<Record<string, string>> = {
  ...Object.fromEntries(BOOT_FIRMWARE.flatMap(({ ladder }) => ladder).map((file) => [file, file])),
  'luna_undionly.kpxe': 'undionly.kpxe',
  'luna_ipxe.efi': 'snponly.efi',
};

/** Reads a file into memory that all threads of the process share, so that a transfer needs no copy of its own. */
async function readShared(path: string, size: number): Promise<Buffer> {
  const content = Buffer.from(new SharedArrayBuffer(size));
  const handle = await open(path);
  try {
    const { bytesRead } = await handle.read(content, 0, size, 0);
    return content.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * Serves a closed list of names, so a path can't lead anywhere else. A file is kept in memory and read again when its
 * size or time changed (an upgraded package). Leading slashes are dropped, since some ROMs add one.
 */
export function mappedFiles({ directories, names }: FileMap): (name: string) => Promise<Buffer | null> {
  const cache = new Map<string, { stamp: string; content: Promise<Buffer> }>();

  async function load(path: string): Promise<Buffer | null> {
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) return null;
    const stamp = `${found.size} ${found.mtimeMs} ${found.ino}`;
    const cached = cache.get(path);
    if (cached?.stamp === stamp) return cached.content;
    const content = readShared(path, found.size);
    cache.set(path, { stamp, content });
    content.catch(() => cache.delete(path));
    return content;
  }

  return async (asked) => {
    const name = asked.replace(/^\/+/, '');
    const file = Object.hasOwn(names, name) ? names[name] : undefined;
    if (file === undefined) return null;
    for (const directory of directories) {
      const content = await load(join(directory, file));
      if (content !== null) return content;
    }
    return null;
  };
}
