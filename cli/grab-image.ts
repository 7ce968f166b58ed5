import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { LunaError } from '../domain/errors.ts';
import { rsync, TREE_OPTIONS } from './rsync.ts';

/** What is taken from a running machine: into which tree, which of its file systems, without which files (rsync's patterns). */
export interface Grab { host: string; tree: string; filesystems: readonly string[]; excludes: string; dryRun: boolean; verbose: boolean }

/** The file systems a comma list names. Throws {@link LunaError} `invalid` for one that leaves the tree, or none. */
export function filesystemsOf(list: string): string[] {
  const paths = list.split(',').map((path) => path.trim()).filter((path) => path !== '');
  const odd = paths.find((path) => !path.startsWith('/') || path.split('/').includes('..'));
  if (odd !== undefined || paths.length === 0) throw new LunaError('invalid', `${odd ?? 'nothing'} is no file system to grab: write absolute paths, as in /,/boot`, 'luna osimage change NAME --grab_filesystems /,/boot');
  return paths.map((path) => normalize(`${path}/`));
}

/** Makes each file system in the tree what it is on the host; what the host hasn't got goes. Throws {@link LunaError} at the first that fails. */
export function grabImage({ host, tree, filesystems, excludes, dryRun, verbose }: Grab): void {
  const dir = mkdtempSync(join(tmpdir(), 'luna-grab-'));
  try {
    const list = join(dir, 'exclude');
    writeFileSync(list, excludes.endsWith('\n') ? excludes : `${excludes}\n`);
    for (const filesystem of filesystems) {
      const target = join(tree, filesystem);
      if (!dryRun) mkdirSync(target, { recursive: true });
      const options = [...TREE_OPTIONS, '--one-file-system', '--compress', '--delete', `--exclude-from=${list}`, ...(dryRun ? ['--dry-run'] : []), ...(verbose ? ['--verbose', '--itemize-changes'] : [])];
      rsync(`${filesystem} of ${host}`, options, `root@${host}:${filesystem}`, target, verbose);
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
