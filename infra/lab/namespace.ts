import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { LabError } from './lab-error.ts';
import { labEnvironment, runProgram } from './run-program.ts';
import { processesInNamespace, startDetached, stopProcesses } from './processes.ts';

const netnsDir = '/run/netns';

/** Whether a network namespace of that name exists. */
export function namespaceExists(name: string): boolean {
  return existsSync(path.join(netnsDir, name));
}

/** Whether `ip netns add` will have to make /run/netns, which is then ours to remove. */
export function netnsDirIsMissing(): boolean {
  return !existsSync(netnsDir);
}

/**
 * The command that runs `argv` in the namespace. It is nsenter and not `ip netns exec`, because the latter remounts / and
 * fails in a chroot whose / is no mount point.
 */
export function inNamespace(name: string, argv: readonly string[]): string[] {
  return ['nsenter', `--net=${path.join(netnsDir, name)}`, '--', ...argv];
}

/** Runs a program in the namespace to its end and gives its output. @throws LabError when it fails. */
export function runInNamespace(name: string, argv: readonly string[], timeoutMs?: number): Promise<string> {
  return runProgram(inNamespace(name, argv), timeoutMs === undefined ? {} : { timeoutMs });
}

/** Starts a process in the namespace that outlives this one. @returns its pid. */
export function startInNamespace(name: string, argv: readonly string[], logFile: string, env?: Record<string, string>): Promise<number> {
  return startDetached(inNamespace(name, argv), logFile, env);
}

/**
 * Spawns a command inside a lab's controller namespace.
 * @param env added to this process's environment. @throws LabError when the namespace is not there.
 */
export function enterNamespace(
  lab: { namespace: string; dir: string },
  argv: readonly string[],
  env: Record<string, string> = {},
  stdio: StdioOptions = 'inherit',
): ChildProcess {
  if (!namespaceExists(lab.namespace)) throw new LabError(`the lab ${lab.namespace} is not up`, `luna lab up --dir ${lab.dir}`);
  const [program = '', ...args] = inNamespace(lab.namespace, argv);
  return spawn(program, args, { stdio, env: labEnvironment(env) });
}

/** Pids of the processes in the namespace; none when it is gone. */
export function namespacePids(name: string): number[] {
  const file = path.join(netnsDir, name);
  // A namespace file that is not (or no longer) a mount has the inode of a plain file, which matches no process.
  return existsSync(file) ? processesInNamespace(`net:[${statSync(file).ino}]`) : [];
}

/** Ends everything in the namespace and removes it, and /run/netns too when `withDir` and it is empty. */
export async function removeNamespace(name: string, withDir: boolean): Promise<void> {
  await stopProcesses(() => namespacePids(name), 5000);
  if (namespaceExists(name)) await runProgram(['ip', 'netns', 'delete', name]);
  if (!withDir || !existsSync(netnsDir) || readdirSync(netnsDir).length > 0) return;
  // `ip netns add` binds /run/netns onto itself; without this a mount would stay behind.
  await runProgram(['umount', netnsDir]).catch(() => '');
  rmdirSync(netnsDir);
}
