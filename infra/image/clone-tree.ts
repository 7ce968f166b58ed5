import { lstat, mkdir, rename, rm } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { runCommand } from './command.ts';

/**
 * Copies an image's tree with owners, modes, links, xattrs and sparse files, sharing blocks where the file system can.
 * The copy appears at `to` when it is whole. Throws LunaError: `taken` when something is there, `invalid` inside the tree itself.
 */
export async function cloneTree(from: string, to: string): Promise<void> {
  if (!relative(from, to).startsWith('..')) throw new LunaError('invalid', `${to} lies in the tree that is copied, ${from}`, `ls -d ${to}`);
  if (await lstat(to).catch(() => null)) throw new LunaError('taken', `${to} is there already: a clone needs a path of its own`, `ls -ld ${to}`);
  const partial = `${to}.partial-${process.pid}-${Date.now()}`;
  await mkdir(dirname(to), { recursive: true });
  try {
    await runCommand(['cp', '-a', '--reflink=auto', '--sparse=auto', '--', from, partial]);
    await rename(partial, to);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw new LunaError('unavailable', `${from} could not be copied to ${to}: ${error instanceof Error ? error.message : String(error)}`, `df ${dirname(to)}`);
  }
}

/** Takes a copy away that nothing refers to. */
export async function discardTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true });
}
