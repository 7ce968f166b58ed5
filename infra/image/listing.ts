import { createHash, type Hash } from 'node:crypto';
import { lstatSync, readdirSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';

/** What a tree looks like from outside: unchanged hash, unchanged content. `bytes` as its files occupy on disk. */
export interface Listing { hash: string; bytes: number; files: number }

/** Directories of a tree whose contents belong to a running machine and are never packed. */
export const TRANSIENT = ['dev', 'proc', 'run', 'sys', 'tmp'] as const;

/**
 * Hashes path, type, size, mode, owner, modification and change time of everything below `root` on its file system.
 * The change time can't be set back, so a new content, owner, ACL or attribute always shows.
 */
export async function listTree(root: string, options: { below?: string; signal?: AbortSignal | undefined } = {}): Promise<Listing> {
  options.signal?.throwIfAborted();
  const sum: Sum = { hash: createHash('sha256'), bytes: 0, files: 0, slice: 0 };
  const start = join(root, options.below ?? '.');
  const { dev } = await lstat(start);
  await walk(Buffer.from(start).toString('latin1'), '', dev, sum, options.below === undefined, options.signal);
  return { hash: sum.hash.digest('hex'), bytes: sum.bytes, files: sum.files };
}

interface Sum { hash: Hash; bytes: number; files: number; slice: number }

/** What is looked at without a pause: a millisecond when the disk need not be asked, so that whatever else this process does goes on. */
const SLICE = 100;

async function walk(dir: string, prefix: string, device: number, sum: Sum, isRoot: boolean, signal?: AbortSignal): Promise<void> {
  // Names are bytes of any kind: as Latin-1 none is lost. One call after another: through node's threads each would cost ten times as much.
  for (const name of readdirSync(Buffer.from(dir, 'latin1'), 'latin1').sort()) {
    const path = `${dir}/${name}`;
    const s = lstatSync(Buffer.from(path, 'latin1'), { bigint: true });
    sum.hash.update(`${prefix}${name}\0${s.mode} ${s.uid} ${s.gid} ${s.size} ${s.mtimeNs} ${s.ctimeNs}\n`);
    sum.files++;
    sum.bytes += Number(s.blocks) * 512;
    if (++sum.slice > SLICE) {
      sum.slice = 0;
      await setImmediate();
      signal?.throwIfAborted();
    }
    const enter = s.isDirectory() && Number(s.dev) === device && !(isRoot && (TRANSIENT as readonly string[]).includes(name));
    if (enter) await walk(path, `${prefix}${name}/`, device, sum, false, signal);
  }
}
