import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, loadConfig } from '../../infra/config.ts';
import { lunaParts } from '../../infra/engine/parts.ts';
import { supervise } from '../../infra/engine/supervise.ts';
import type { SupervisorState } from '../../infra/engine/state-file.ts';
import type { Log } from '../../infra/log.ts';
import { say } from './outcome.ts';

/** A luna of its own in a temporary folder: the processes are those of `luna up`. */
export interface Instance {
  config: Config;
  /** The process of a part that runs. */
  pid(part: string): number;
  /** Stops everything and removes the folder. */
  stop(): Promise<void>;
}

/** Warnings and errors of what a benchmark runs within its own process, for people. */
export const benchLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (event, data) => { say(`${event} ${JSON.stringify(data ?? {})}`); },
  error: (event, data) => { say(`${event} ${JSON.stringify(data ?? {})}`); },
};

/** Starts the named parts of luna (all, when none is named) and resolves when they are ready. They inherit this process's environment. */
export async function startInstance(names: readonly string[] = []): Promise<Instance> {
  const folder = mkdtempSync(join('/var/tmp', 'luna-bench-'));
  Object.assign(process.env, { LUNA_DATA: folder, LUNA_CONF: '/dev/null' });
  const config = loadConfig(process.env);
  const parts = lunaParts(config).filter(({ name }) => names.length === 0 || names.includes(name));
  const stopping = new AbortController();
  let state: SupervisorState | undefined;
  const ready = Promise.withResolvers<undefined>();
  const ended = supervise(parts, {
    config,
    log: benchLog,
    signal: stopping.signal,
    changed: (now) => {
      state = now;
      if (now.phase === 'ready') ready.resolve(undefined);
    },
  });
  ended.catch(ready.reject);
  const stop = async (): Promise<void> => {
    stopping.abort();
    await ended.catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { void stop().then(() => process.exit(130)); });
  await ready.promise.catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  say(`luna is up in ${folder}: ${parts.map(({ name }) => name).join(', ')}`);
  return {
    config,
    pid(name) {
      const pid = state?.parts.find((part) => part.name === name)?.pid;
      if (pid === undefined) throw new Error(`the part ${name} is not running; see ${config.logDir}`);
      return pid;
    },
    stop,
  };
}
