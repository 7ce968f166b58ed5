import { type MetricObjectWithValues, type MetricValue, Registry } from 'prom-client';
import type { Meter } from '../meter.ts';
import { createServiceMeter } from './service-meter.ts';
import { processMetrics } from './process-metrics.ts';

/** What one process tells of itself in numbers, as Prometheus reads them. */
export interface Metrics {
  /** The meter of one service of this process; asked twice it is the same. */
  meter(service: string): Meter;
  /** Where further metrics are registered. */
  readonly registry: Registry;
  /** All values now, in a form that can be joined with other processes'. */
  values(): Promise<ProcessValues>;
}

/** What one process tells, as it travels to the process that joins them. */
export type ProcessValues = MetricObjectWithValues<MetricValue<string>>[];

/** The metrics of a process, with what it uses of the machine under the label `process`. */
export function createMetrics(process: string): Metrics {
  const registry = new Registry();
  const meters = new Map<string, Meter>();
  processMetrics(registry, process);
  return {
    registry,
    meter(service) {
      const meter = meters.get(service) ?? createServiceMeter(registry, service);
      meters.set(service, meter);
      return meter;
    },
    values: () => registry.getMetricsAsJSON(),
  };
}
