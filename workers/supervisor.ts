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
  log.error('supervisor.failed', { error });
  process.exit(1);
}
