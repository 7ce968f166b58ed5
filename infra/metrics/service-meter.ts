import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Meter } from '../meter.ts';

/** Seconds: from an answer out of memory to an image over a slow link. */
const BUCKETS = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300];

/** What comes in, by the service's own word for it. */
const UNIT: Readonly<Record<string, string>> = { http: 'requests', https: 'requests', api: 'requests', agent: 'requests', dns: 'queries' };

/**
 * Registers the metrics of one service under `luna_<service>_…`: counters of what came in by kind and result, a histogram of
 * durations by kind, bytes sent, and gauges that are read when somebody looks.
 */
export function createServiceMeter(registry: Registry, service: string): Meter {
  const unit = UNIT[service] ?? 'packets';
  const counts = new Map<string, Map<string, number>>();
  const reads = new Map<string, () => number>();
  let bytes = 0;
  const registers = [registry];
  // Counting is a look-up in two maps; the library's own labels cost several times that, so they are made when somebody looks.
  new Counter({
    name: `luna_${service}_${unit}_total`, help: `What ${service} received, by kind, and what became of it.`, labelNames: ['kind', 'result'], registers,
    collect() {
      this.reset();
      for (const [kind, results] of counts) for (const [result, count] of results) this.inc({ kind, result }, count);
    },
  });
  new Counter({
    name: `luna_${service}_sent_bytes_total`, help: `Payload bytes that ${service} sent.`, registers,
    collect() {
      this.reset();
      this.inc(bytes);
    },
  });
  const durations = new Histogram({
    name: `luna_${service}_duration_seconds`, help: `Seconds from a request to ${service} to its answer, or to the end of a transfer.`, labelNames: ['kind'], buckets: BUCKETS, registers,
  });
  const timers = new Map<string, (seconds: number) => void>();

  return {
    packet(kind, result) {
      const results = counts.get(kind);
      if (results === undefined) counts.set(kind, new Map([[result, 1]]));
      else results.set(result, (results.get(result) ?? 0) + 1);
    },
    took(kind, seconds) {
      // The library throws for what is no number.
      if (!Number.isFinite(seconds)) return;
      let timer = timers.get(kind);
      if (timer === undefined) {
        const child = durations.labels(kind);
        timer = (value) => { child.observe(value); };
        timers.set(kind, timer);
      }
      timer(seconds);
    },
    sent(more) { bytes += more; },
    gauge(name, help, read) {
      const known = reads.has(name);
      reads.set(name, read);
      if (known) return;
      new Gauge({ name: `luna_${service}_${name}`, help, registers, collect() { this.set(reads.get(name)?.() ?? 0); } });
    },
  };
}
