import { spawnSync } from 'node:child_process';
import { LunaError } from '../domain/errors.ts';

/** How other machines are reached: without questions; a host seen for the first time is remembered. */
const SSH = 'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=10';

/** rsync's exit code when files of the source vanished meanwhile, as they do on a machine that runs. */
const VANISHED = 24;

/** What all copies of trees have in common: owners by number, links, ACLs, xattrs; what is sparse stays so. */
export const TREE_OPTIONS = ['--archive', '--hard-links', '--acls', '--xattrs', '--sparse', '--numeric-ids'] as const;

/**
 * Copies with rsync; what it prints goes to the caller's stderr, or its stdout with `shown`. `what` names the copy in
 * errors. Throws {@link LunaError}: `unavailable` when rsync is missing, `conflict` with its exit code when it fails.
 */
export function rsync(what: string, options: readonly string[], from: string, to: string, shown = false): void {
  const argv = ['-e', SSH, ...options, '--', from, to];
  const { status, signal, error } = spawnSync('rsync', argv, { stdio: ['ignore', shown ? 'inherit' : 'ignore', 'inherit'] });
  if (error) throw new LunaError('unavailable', `rsync can't be started: ${error.message}`, 'apt-get install rsync');
  if (status === 0 || status === VANISHED) return;
  throw new LunaError('conflict', `${what} was not copied: rsync ended with ${status ?? signal ?? 'nothing'}`, `ssh ${hostOf(from) ?? hostOf(to) ?? 'HOST'} true`);
}

function hostOf(place: string): string | undefined {
  return /^([^/]+):\//.exec(place)?.[1];
}
