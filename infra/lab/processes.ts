import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './lab-error.ts';
import { labEnvironment } from './run-program.ts';

/**
 * Starts a process that outlives this one; its output is appended to `logFile`.
 * @returns its pid. @throws LabError when the program can't be started.
 */
export async function startDetached(argv: readonly string[], logFile: string, env: Record<string, string> = {}): Promise<number> {
  const [program = '', ...args] = argv;
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], env: labEnvironment(env), cwd: '/' });
  closeSync(log);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('spawn', () => resolve(child.pid ?? 0));
  child.once('error', (error) => reject(new LabError(`'${program}' did not start: ${error.message}`, `see ${logFile}`)));
  const pid = await promise;
  child.unref();
  return pid;
}

/** The arguments of a process; empty for one that is gone, a zombie or the kernel's. */
export function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** Pids of all processes whose arguments satisfy `test`, this process excepted. */
export function findProcesses(test: (argv: string[]) => boolean): number[] {
  return allPids().filter((pid) => test(commandLine(pid)));
}

/** Pids of all live processes whose network namespace has the given identity (`net:[4026531840]`). */
export function processesInNamespace(identity: string): number[] {
  return allPids().filter((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) === identity;
    } catch {
      return false;
    }
  });
}

/** Asks processes to end, and makes them when `graceMs` has passed. `list` is asked again, as processes have children. */
export async function stopProcesses(list: () => number[], graceMs: number): Promise<void> {
  const end = performance.now() + graceMs;
  for (const pid of list()) signal(pid, 'SIGTERM');
  while (list().length > 0 && performance.now() < end) await sleep(50);
  const hardEnd = performance.now() + 5000;
  while (list().length > 0) {
    for (const pid of list()) signal(pid, 'SIGKILL');
    if (performance.now() > hardEnd) throw new LabError(`processes ${list().join(', ')} survive SIGKILL`, 'see what they wait for in /proc/PID/stack');
    await sleep(50);
  }
}

function allPids(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => pid !== process.pid);
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone in the meantime, which is what was wanted.
  }
}
