import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LunaError } from '../../domain/errors.ts';

/** Whose tree, where locks lie, and whether those who only read may hold it at once. */
export interface TreeLock { name: string; runDir: string; shared: boolean }

/** flock(1) takes no longer than a program takes to start: it is told not to wait. */
const PATIENCE_MS = 20_000;
/** How flock(1) says that somebody else has the lock; no code of its own. */
const TAKEN_EXIT = 75;
/** Says that the lock is there, and holds it until its standard input ends, as it does with this process, however that ends. */
const HOLD = 'echo held; exec cat >/dev/null';

/**
 * Does something with an image's tree: who writes to it (lchroot, grab) has it alone, who reads it (packing) may share.
 * Throws {@link LunaError}: `conflict` while others are in it, `unavailable` when it can't be locked; and what the work throws.
 */
export async function withTreeLock<T>({ name, runDir, shared }: TreeLock, work: () => T | Promise<T>): Promise<T> {
  const argv = ['--nonblock', '--conflict-exit-code', String(TAKEN_EXIT), shared ? '--shared' : '--exclusive', join(runDir, `osimage-${name}.lock`), 'sh', '-c', HOLD];
  // In a session of its own: what is typed to stop a program in the tree does not stop the lock.
  const holder = spawn('flock', argv, { stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const over = once(holder, 'close') as Promise<[number | null]>;
  let words = '';
  holder.stderr.on('data', (text: Buffer) => { words += text.toString(); });
  holder.stdin.on('error', () => { /* It ended first; its exit code says why. */ });
  try {
    const held = new Promise<'held'>((resolve) => { holder.stdout.once('data', () => { resolve('held'); }); });
    const first = await Promise.race([held, over, sleep(PATIENCE_MS, 'late' as const, { ref: false })]);
    if (first === 'late') {
      holder.kill('SIGKILL');
      words = `flock said nothing for ${PATIENCE_MS / 1000} s`;
    }
    if (first !== 'held') throw refusal(name, shared, first === 'late' ? null : first[0], words);
    return await work();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT' && 'syscall' in error && error.syscall === 'spawn flock') {
      throw new LunaError('unavailable', `flock can't be started: ${error.message}`, 'apt-get install util-linux');
    }
    throw error;
  } finally {
    holder.stdin.end();
    await Promise.race([over.catch(() => { /* It was never started. */ }), sleep(PATIENCE_MS, undefined, { ref: false })]);
  }
}

function refusal(name: string, shared: boolean, code: number | null, words: string): LunaError {
  if (code !== TAKEN_EXIT) return new LunaError('unavailable', `osimage ${name} can't be locked: ${words.trim() || `flock ended with ${code ?? 'a signal'}`}`, 'luna status');
  const why = shared ? 'somebody is changing it (lchroot, luna osimage grab)' : 'somebody is in it (lchroot, luna osimage grab), or it is being packed';
  return new LunaError('conflict', `osimage ${name} is locked: ${why}`, 'try again when that is over');
}
