import { loadConfig } from '../config.ts';
import type { Log } from '../log.ts';
import { lunaParts } from './parts.ts';
import type { PartStatus } from './part.ts';
import type { SupervisorState } from './state-file.ts';
import { supervise } from './supervise.ts';
import { refuseOrdinaryUsers } from './up.ts';

/**
 * Runs the instance that `env` describes in this process until SIGTERM or SIGINT, then stops all of it. `changed` sees
 * every state. For systemd and for people who want to watch; parts log to their files all the same.
 */
export async function stayUp(env: NodeJS.ProcessEnv, changed: (state: SupervisorState) => void): Promise<{ dataDir: string; parts: PartStatus[] }> {
  const config = loadConfig(env);
  refuseOrdinaryUsers(config);
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { stop.abort(); });
  let parts: PartStatus[] = [];
  await supervise(lunaParts(config), {
    config,
    log: silent,
    signal: stop.signal,
    changed: (state) => {
      parts = state.parts;
      changed(state);
    },
  });
  return { dataDir: config.dataDir, parts };
}

/** What the log would say is on the terminal already. */
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
