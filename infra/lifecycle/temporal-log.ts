import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import type { Log } from '../log.ts';

const LEVELS: Record<LogLevel, keyof Log> = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' };

/** Brings what Temporal's worker says into the process's own log, as events `temporal` with the message as data. */
export function temporalLogger(log: Log, level: LogLevel = 'WARN'): DefaultLogger {
  return new DefaultLogger(level, ({ level: said, message, meta }: LogEntry) => {
    const { workflowId, activityType, attempt, error } = meta ?? {};
    log[LEVELS[said]]('temporal', { message, workflowId, activityType, attempt, error });
  });
}
