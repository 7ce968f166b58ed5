import { createHash, type Hash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What a tree looks like from outside: unchanged hash, unchanged content. `bytes` as its files occupy on disk. */
export interface Listing { hash: string; bytes: number; files: number }

/** Directories of a tree whose contents belong to a running machine and are never packed. */
export const TRANSIENT = ['dev', 'proc', 'run', 'sys', 'tmp'] as const;

/**
 * Hashes path, type, size, mode, owner, modification and change time of everything below `root` on its file system.
 * The change time can't be set back, so a new content, owner, ACL or attribute always shows.
 */
export async function listTree(root: string, options: { below?: string; signal?: AbortSignal | undefined } = {}): Promise<Listing> {
  const sum = { hash: createHash('sha256'), bytes: 0, files: 0 };
  const start = join(root, options.below ?? '.');
  const { dev } = await lstat(start);
  await walk(start, '', dev, sum, options.below === undefined, options.signal);
  return { hash: sum.hash.digest('hex'), bytes: sum.bytes, files: sum.files };
}

async function walk(dir: string, prefix: string, device: number, sum: { hash: Hash; bytes: number; files: number }, isRoot: boolean, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const names = (await readdir(dir)).sort();
  for (const name of names) {
    const path = join(dir, name);
    const s = await lstat(path, { bigint: true });
    sum.hash.update(`${prefix}${name}\0${s.mode} ${s.uid} ${s.gid} ${s.size} ${s.mtimeNs} ${s.ctimeNs}\n`);
    sum.files++;
    sum.bytes += Number(s.blocks) * 512;
    const enter = s.isDirectory() && Number(s.dev) === device && !(isRoot && (TRANSIENT as readonly string[]).includes(name));
    if (enter) await walk(path, `${prefix}${name}/`, device, sum, false, signal);
  }
}
