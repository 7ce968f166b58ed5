import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { logTail, rotateLog, sizeOf } from './log-file.ts';
import type { Launch, Part } from './part.ts';
import { identify, type ProcessIdentity, sendSignal } from './process-identity.ts';
import { removeTraces, writePid } from './state-file.ts';

/** How a process ended, in words (`exit code 1`, `SIGKILL`), with the last lines of its log. */
export interface Ending { how: string; tail: string[] }

/** One running process of a part. */
export interface Child {
  pid: number;
  identity: ProcessIdentity | undefined;
  ended: Promise<Ending>;
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts a part's process in a session of its own, so that a Ctrl-C at `luna up --foreground` reaches the supervisor
 * alone and the process can be ended together with the tools it runs. Its output is appended to `log/NAME.log`.
 */
export function startChild(config: Config, part: Part, launch: Launch): Child {
  removeTraces(config, part.name);
  const logPath = join(config.logDir, `${part.name}.log`);
  rotateLog(logPath);
  const logStart = sizeOf(logPath);
  const log = openSync(logPath, 'a', 0o640);
  const child = spawn(launch.command, launch.args, {
    cwd: config.dataDir,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, LUNA_DATA: config.dataDir, ...launch.env },
  });
  closeSync(log);
  const ended = endingOf(child, () => logTail(logPath, logStart, 5));
  const pid = child.pid ?? 0;
  const identity = pid > 0 ? identify(pid) : undefined;
  if (identity) writePid(config, { ...identity, name: part.name, tier: part.tier });
  return {
    pid,
    identity,
    ended: ended.finally(() => {
      removeTraces(config, part.name);
      // What it left behind (tar, ipmitool) would go on beside its successor.
      if (pid > 0) sendSignal(pid, 'SIGKILL', true);
    }),
    signal: (signal) => { if (pid > 0) sendSignal(pid, signal); },
  };
}

function endingOf(child: ChildProcess, tail: () => string[]): Promise<Ending> {
  return new Promise((resolve) => {
    child.once('error', (error) => { resolve({ how: `could not be started (${error.message})`, tail: [] }); });
    child.once('exit', (code, signal) => { resolve({ how: signal ?? `exit code ${code ?? '?'}`, tail: tail() }); });
  });
}
