import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Loads a file that is served under a name; null when there is no such name or file. */
export type Files = (name: string) => Promise<Buffer | null>;

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
  'undionly.kpxe': 'undionly.kpxe',
  'ipxe.pxe': 'ipxe.pxe',
  'snponly.efi': 'snponly.efi',
  'ipxe.efi': 'ipxe.efi',
  'luna_undionly.kpxe': 'undionly.kpxe',
  'luna_ipxe.efi': 'snponly.efi',
};

/**
 * Serves a closed list of names, so a path can't lead anywhere else. A file is kept in memory and read again when its
 * size or time changed (an upgraded package). Leading slashes are dropped, since some ROMs add one.
 */
export function mappedFiles({ directories, names }: FileMap): Files {
  const cache = new Map<string, { stamp: string; content: Promise<Buffer> }>();

  async function load(path: string): Promise<Buffer | null> {
    const found = await stat(path).catch(() => null);
    if (found === null || !found.isFile()) return null;
    const stamp = `${found.size} ${found.mtimeMs} ${found.ino}`;
    const cached = cache.get(path);
    if (cached?.stamp === stamp) return cached.content;
    const content = readFile(path);
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
