import type { BootGlimpse, BootRecord } from '../domain/boot-record.ts';
import { nodeWithAddress } from '../domain/machine-names.ts';
import { createRecorder, type Recorder } from '../infra/boot/recorder.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics/metrics.ts';
import type { Store } from '../infra/store/connect.ts';
import { appendTrace, trimTrace } from '../infra/store/trace.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';
import { every } from './run.ts';

/** How often what is too old or too much is forgotten, and after how long it is too old. */
const TIDY_MS = 600_000;
const MONTH_MS = 30 * 24 * 3600_000;
/** Of so many machines the records are counted between two tidyings. */
const COUNTED = 20_000;

/** What keeping records of a process needs. */
export interface SeenWiring {
  store: Store;
  watch: SiteWatch;
  metrics: Metrics;
  log: Log;
  signal: AbortSignal;
  /** Told of every record; nothing unless told. */
  noticed?(record: BootRecord): void;
  /** Told of machines that nobody declared when no record is kept; nothing unless told. */
  glimpsed?(glimpse: BootGlimpse): void;
}

/** The `seen` of a process's services: records go to the store, and to `noticed`. */
export function keepSeen({ store, watch, metrics, log, signal, noticed = () => undefined, glimpsed = () => undefined }: SeenWiring): Recorder {
  const touched = new Set<string>();
  const recorder = createRecorder({
    nodeOfMac: (mac) => watch.current().macs.get(mac) ?? null,
    nodeOfIp: (ip) => nodeWithAddress(watch.current(), ip),
    macOfNode: (nodeId) => watch.current().macsOf.get(nodeId)?.[0] ?? null,
    async append(records) {
      await appendTrace(store, records);
      for (const { who } of records) if (touched.size < COUNTED) touched.add(who);
    },
    noticed,
    glimpsed,
    log,
  });
  metrics.meter('trace').gauge('records_left', 'Records of machines that were not kept because there were too many.', recorder.left);
  void every(TIDY_MS, signal, log, 'trace.tidy_failed', async () => {
    const whos = [...touched];
    touched.clear();
    await trimTrace(store, new Date(Date.now() - MONTH_MS).toISOString(), whos);
  });
  return recorder;
}
