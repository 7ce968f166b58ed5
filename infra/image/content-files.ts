import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file in hex, and its size in bytes. */
export async function sumFile(path: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest('hex'), size: (await stat(path)).size };
}

/**
 * Puts a finished file in its place in one step, readable by all: a reader finds the whole file or none. The source
 * stays. `own`: it is packing's own file, never written again, so that a second name for it will do where both are on
 * one file system. A file that is there already has the same content.
 */
export async function placeFile(source: string, target: string, own: 'own' | 'foreign' = 'own'): Promise<void> {
  if (await stat(target).then((s) => s.isFile(), () => false)) return;
  await mkdir(dirname(target), { recursive: true });
  const aside = `${target}.${process.pid}.new`;
  await rm(aside, { force: true });
  const copy = () => copyFile(source, aside, constants.COPYFILE_FICLONE);
  await (own === 'own' ? link(source, aside).catch(copy) : copy());
  await chmod(aside, 0o644);
  await rename(aside, target);
}

/** Removes all but the `keep` newest files of a folder. */
export async function pruneFolder(folder: string, keep: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })));
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(keep)) await rm(join(folder, name), { recursive: true, force: true });
}
