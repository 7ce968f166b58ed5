import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { forgetOldest } from '../forget-oldest.ts';

/** SHA-256 of files in hex, by the path they were opened by; each version of a file is read once. */
export interface FileSums { of(path: string, file: FileHandle): Promise<string> }

/** More than the kernels and initramfs that a site serves. */
const KEPT = 1000;

/**
 * Remembers a file's sum until its inode, size, modification or change time is another. The change time can't be set back,
 * so whoever writes to a file is noticed; what a disk loses by itself is not, until this process is started again.
 */
export function createFileSums(): FileSums {
  const known = new Map<string, { version: string; sum: Promise<string> }>();
  return {
    async of(path, file) {
      const { dev, ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true });
      const version = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
      const before = known.get(path);
      if (before?.version === version) return before.sum;
      const entry = { version, sum: sumOf(file) };
      known.delete(path);
      known.set(path, entry);
      forgetOldest(known, KEPT);
      entry.sum.catch(() => { if (known.get(path) === entry) known.delete(path); });
      return entry.sum;
    },
  };
}

async function sumOf(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ start: 0, autoClose: false }), hash);
  return hash.digest('hex');
}
