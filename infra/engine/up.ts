import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { type Config, loadConfig } from '../config.ts';
import { logTail, rotateLog, sizeOf } from './log-file.ts';
import { lunaParts, workerFile } from './parts.ts';
import { waitGone } from './process-identity.ts';
import { livingState, readState, type SupervisorState } from './state-file.ts';

/** Settings of {@link bringUp}. `changed` sees the state about ten times a second; `supervisor` is the program that supervises. */
export interface UpOptions { changed?: (state: SupervisorState) => void; supervisor?: string; deadlineMs?: number }

/** What came up. `already`: it ran before. */
export interface UpResult { already: boolean; dataDir: string; state: SupervisorState }

/** Engines and workers have a minute each to become ready; this is that and the clean stop of a failed start. */
const usualDeadlineMs = 150_000;

/** Between its last state and its end a supervisor needs a moment. */
const lastWordsMs = 5000;

/**
 * Starts the instance that `env` describes in the background and returns when all of it is ready; returns at once when
 * it runs already. Throws {@link LunaError} with the reason when it can't be started; nothing is left running then.
 */
export async function bringUp(env: NodeJS.ProcessEnv, options: UpOptions = {}): Promise<UpResult> {
  const config = loadConfig(env);
  refuseOrdinaryUsers(config);
  const end = Date.now() + (options.deadlineMs ?? usualDeadlineMs);
  const living = await settled(config, end);
  if (living?.phase === 'ready') return { already: true, dataDir: config.dataDir, state: living };
  const supervisor = living ? undefined : spawnSupervisor(config, env, options.supervisor ?? usualSupervisor(config));
  const state = await followStart(config, supervisor, end, options.changed);
  return { already: supervisor === undefined, dataDir: config.dataDir, state };
}

/** DHCP, TFTP and DNS listen below port 1024; the boot process would say so only in its log. */
export function refuseOrdinaryUsers(config: Config): void {
  if (process.getuid?.() !== 0 && Math.min(config.dhcpPort, config.tftpPort, config.dnsPort ?? Infinity) < 1024) {
    throw new LunaError('forbidden', `The boot services listen on ports ${[config.dhcpPort, config.tftpPort, ...config.dnsPort === null ? [] : [config.dnsPort]].join(', ')}, which only root may open.`, 'sudo luna up');
  }
}

/** The living supervisor's state, after waiting for one that is just stopping. */
async function settled(config: Config, end: number): Promise<SupervisorState | undefined> {
  for (;;) {
    const state = livingState(config);
    if (!state || state.phase === 'ready' || state.phase === 'starting') return state;
    if (Date.now() > end) throw new LunaError('unavailable', `The supervisor ${state.supervisor.pid} does not end.`, 'luna down');
    await pause();
  }
}

/** Looks for every part first: what is missing is better said here than in a log. */
function usualSupervisor(config: Config): string {
  lunaParts(config);
  return workerFile('supervisor');
}

interface Supervisor { pid: number; exited: boolean; tail: () => string[] }

function spawnSupervisor(config: Config, env: NodeJS.ProcessEnv, program: string): Supervisor {
  mkdirSync(config.logDir, { recursive: true, mode: 0o700 });
  const logPath = join(config.logDir, 'supervisor.log');
  rotateLog(logPath);
  const logStart = sizeOf(logPath);
  const log = openSync(logPath, 'a', 0o640);
  const child = spawn(process.execPath, [program], {
    cwd: config.dataDir,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...env, LUNA_DATA: config.dataDir, NODE_COMPILE_CACHE: join(config.cacheDir, 'compile') },
  });
  closeSync(log);
  const supervisor: Supervisor = { pid: child.pid ?? 0, exited: false, tail: () => logTail(logPath, logStart, 5) };
  child.once('error', () => { supervisor.exited = true; });
  child.once('exit', () => { supervisor.exited = true; });
  child.unref();
  return supervisor;
}

/** Follows the supervisor just started, or the one that lives already: when two are started at once, the loser's caller follows the winner. */
async function followStart(config: Config, started: Supervisor | undefined, end: number, changed: UpOptions['changed']): Promise<SupervisorState> {
  while (Date.now() < end) {
    await pause();
    const state = readState(config);
    const living = livingState(config);
    if (state && (!started || state.supervisor.pid === started.pid || living)) {
      changed?.(state);
      if (state.phase === 'ready') return state;
      if (state.phase === 'failed') await waitGone(state.supervisor, lastWordsMs);
      if (state.phase === 'failed') throw new LunaError('conflict', `luna could not be started: ${state.why?.message ?? 'no reason known'}`, state.why?.next);
      if (state.phase === 'stopped') throw new LunaError('unavailable', 'luna was stopped while it was starting.', 'luna up');
    }
    if (!living && (started?.exited ?? true)) throw died(config, started);
  }
  throw new LunaError('unavailable', 'luna did not become ready in time.', 'luna status');
}

function died(config: Config, supervisor: Supervisor | undefined): LunaError {
  const tail = supervisor?.tail().map((line) => `\n    ${line}`).join('') ?? '';
  return new LunaError('unavailable', `The supervisor ended while luna was starting.${tail}`, `less ${join(config.logDir, 'supervisor.log')}`);
}

function pause(): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, 100); });
}
