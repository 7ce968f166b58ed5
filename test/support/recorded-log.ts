import type { Log, LogData } from '../../infra/log.ts';

/** A log that keeps its events for the test to look at. */
export interface RecordedLog extends Log {
  readonly events: { readonly event: string; readonly data: LogData }[];
}

/** An empty one. */
export function recordedLog(): RecordedLog {
  const events: { event: string; data: LogData }[] = [];
  const keep = (event: string, data: LogData = {}): void => void events.push({ event, data });
  return { events, debug: keep, info: keep, warn: keep, error: keep };
}
