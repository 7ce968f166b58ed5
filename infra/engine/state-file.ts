import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import type { Config } from '../config.ts';
import type { PartStatus } from './part.ts';
import { isAlive, type ProcessIdentity } from './process-identity.ts';

/** Where the instance as a whole stands. `failed`: it could not start; `why` tells. */
export type Phase = 'starting' | 'ready' | 'stopping' | 'stopped' | 'failed';

/** What the supervisor writes to `run/supervisor.json` at every change. */
export interface SupervisorState {
  supervisor: ProcessIdentity;
  phase: Phase;
  startedAt: string;
  why?: { message: string; next?: string };
  parts: PartStatus[];
}

/** The process a part runs in, kept in `run/NAME.pid` so that a next supervisor finds what a crashed one left. */
export interface PidFile extends ProcessIdentity { name: string; tier: 'engine' | 'worker' }

/** Reads the supervisor's state; undefined when luna never ran here. */
export function readState(config: Config): SupervisorState | undefined {
  return readJson<SupervisorState>(join(config.runDir, 'supervisor.json'));
}

/** The state of a supervisor that lives; undefined when there is none. */
export function livingState(config: Config): SupervisorState | undefined {
  const state = readState(config);
  return state && isAlive(state.supervisor) ? state : undefined;
}

/** Writes the state aside and renames it, so that a reader never sees half of it. */
export function writeState(config: Config, state: SupervisorState): void {
  writeJson(join(config.runDir, 'supervisor.json'), state);
}

/**
 * Makes `self` the one supervisor of the instance. Returns the one that lives already, if there is one. The lock of a
 * dead one is taken over.
 */
export function takeLock(config: Config, self: ProcessIdentity): ProcessIdentity | undefined {
  const lock = join(config.runDir, 'supervisor.lock');
  const mine = `${lock}.${self.pid}`;
  writeFileSync(mine, JSON.stringify(self));
  try {
    for (let attempt = 0; attempt < 3; attempt += 1) {
      if (linked(mine, lock)) return undefined;
      const holder = readJson<ProcessIdentity>(lock);
      if (holder && isAlive(holder)) return holder;
      rmSync(lock, { force: true });
    }
    return readJson<ProcessIdentity>(lock);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Gives the lock back. */
export function releaseLock(config: Config): void {
  rmSync(join(config.runDir, 'supervisor.lock'), { force: true });
}

/** A link appears with its content or not at all. False when the name is taken. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Remembers a part's process. */
export function writePid(config: Config, file: PidFile): void {
  writeJson(join(config.runDir, `${file.name}.pid`), file);
}

/** Reads the process a part was last started as. */
export function readPid(config: Config, name: string): PidFile | undefined {
  return readJson<PidFile>(join(config.runDir, `${name}.pid`));
}

/** Forgets a part's process, and that it was ready. */
export function removeTraces(config: Config, name: string): void {
  for (const kind of ['pid', 'ready']) rmSync(join(config.runDir, `${name}.${kind}`), { force: true });
}

/** What a worker wrote when it became ready; undefined when it isn't, or the file is an older process's. */
export function readReady(config: Config, name: string, pid: number): { addresses: string[] } | undefined {
  const ready = readJson<{ pid: number; addresses: string[] }>(join(config.runDir, `${name}.ready`));
  return ready?.pid === pid ? ready : undefined;
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (error) {
    // A half-written file of a machine that lost power is as good as none.
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof SyntaxError || code === 'ENOENT') return undefined;
    if (code === 'EACCES') throw new LunaError('forbidden', `${path} may not be read by this user.`, 'run it as root');
    throw error;
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}
