import { createHash, randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** SHA-256 of a file in hex, and its size in bytes. */
export async function sumFile(path: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest('hex'), size: (await stat(path)).size };
}

/**
 * Puts a finished file in its place in one step, readable by all: a reader finds the whole file or none, after a loss of
 * power too. The source stays. `own`: it is packing's own file, never written again, so that a second name for it will do
 * where both are on one file system. What is there already stays when it is the same file or has the same bytes, and
 * else is replaced.
 */
export async function placeFile(source: string, target: string, own: 'own' | 'foreign' = 'own'): Promise<void> {
  if (await isSame(source, target)) {
    // It is wanted anew: whoever removes what nobody wants goes by the time of its last change.
    await chmod(target, 0o644);
    // Whoever placed it may not have come to that.
    await sync(target);
    return sync(dirname(target));
  }
  await mkdir(dirname(target), { recursive: true });
  await throughAside(target, async (aside) => {
    const copy = () => copyFile(source, aside, constants.COPYFILE_FICLONE);
    await (own === 'own' ? link(source, aside).catch(copy) : copy());
    await chmod(aside, 0o644);
  });
}

async function isSame(source: string, target: string): Promise<boolean> {
  const there = await stat(target).catch(() => null);
  if (!there?.isFile()) return false;
  const wanted = await stat(source);
  if (there.dev === wanted.dev && there.ino === wanted.ino) return true;
  return there.size === wanted.size && (await sumFile(target)).sha256 === (await sumFile(source)).sha256;
}

/** Writes a file, readable by all, in one step: a reader finds what was there before or all of it. */
export async function writeAside(target: string, content: string | Uint8Array): Promise<void> {
  await throughAside(target, (aside) => writeFile(aside, content, { mode: 0o644 }));
}

/** Another try of the same pack may be at the same file: each has an aside of its own. */
async function throughAside(target: string, make: (aside: string) => Promise<void>): Promise<void> {
  const aside = `${target}.${randomUUID()}.new`;
  try {
    await make(aside);
    await sync(aside);
    await rename(aside, target);
  } finally {
    await rm(aside, { force: true });
  }
  await sync(dirname(target));
}

/** What the database names must be on the disk before it is: a loss of power may not leave an empty file of a good name. */
async function sync(path: string): Promise<void> {
  const file = await open(path);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Removes what processes that are gone left beside the files they were placing. */
export async function clearAsides(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) if (name.endsWith('.new')) await rm(join(folder, name), { force: true });
}

/** Removes all but the `keep` newest files of a folder. */
export async function pruneFolder(folder: string, keep: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  // Two packs at once may both be at it: what is gone already is the oldest.
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0 })));
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(keep)) await rm(join(folder, name), { recursive: true, force: true });
}
