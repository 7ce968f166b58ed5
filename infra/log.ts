import { destination, pino } from 'pino';

/** The data of one event. An `Error` anywhere in it is written as its type, message and stack. */
export type LogData = Record<string, unknown>;

/** Writes events with data, not sentences: `log.info('dhcp.offer', {mac, node, ip})`. Event names are dotted. */
export interface Log {
  debug(event: string, data?: LogData): void;
  info(event: string, data?: LogData): void;
  warn(event: string, data?: LogData): void;
  error(event: string, data?: LogData): void;
}

/** The levels a log can be cut at; what is below is not written. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** One of {@link logLevels}. */
export type LogLevel = (typeof logLevels)[number];

/** A log of JSON lines on stdout: `{"level","time","name","event",...data}`, `time` in ISO 8601. Lines survive a crash: writes are synchronous. */
export function createLog(name: string, level: LogLevel = 'info'): Log {
  const sink = pino(
    {
      level,
      base: { name },
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination({ dest: 1, sync: true }),
  );
  return {
    // Told for every packet, and mostly not written.
    debug: (event, data) => { if (sink.isLevelEnabled('debug')) sink.debug(plain(data), event); },
    info: (event, data) => { sink.info(plain(data), event); },
    warn: (event, data) => { sink.warn(plain(data), event); },
    error: (event, data) => { sink.error(plain(data), event); },
  };
}

function plain(data: LogData = {}): LogData {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, value instanceof Error ? errorFields(value) : value]));
}

function errorFields(error: Error): LogData {
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(error.cause instanceof Error ? { cause: errorFields(error.cause) } : {}),
  };
}
