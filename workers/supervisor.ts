import { LunaError } from '../domain/errors.ts';
import { lunaParts } from '../infra/engine/parts.ts';
import { supervise } from '../infra/engine/supervise.ts';
import { createLog } from '../infra/log.ts';
import { configOrExit } from './run.ts';

// `luna up` starts this in the background. It keeps engines and workers running until SIGTERM.
const config = configOrExit();
const log = createLog('supervisor', config.logLevel);
const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => { stop.abort(); });

try {
  await supervise(lunaParts(config), { config, log, signal: stop.signal });
  process.exit(0);
} catch (error) {
  // What supervise() throws it has logged, and `luna up` reads it in run/supervisor.json.
  if (!(error instanceof LunaError)) log.error('supervisor.crashed', { error });
  process.exit(1);
}
