import type { Log } from '../../infra/log.ts';

/** A log that says nothing. */
export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
