import { AggregatorRegistry, Gauge, Registry } from 'prom-client';
import type { ProcessValues } from './metrics.ts';

/** How the text is to be announced. */
export const EXPOSITION_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** The values of all processes as one Prometheus text; of a process that did not answer only that. */
export async function exposition(told: ReadonlyMap<string, ProcessValues | null>): Promise<string> {
  const about = new Registry();
  const up = new Gauge({ name: 'luna_process_up', help: 'Whether the process told its values when asked: 1 or 0.', labelNames: ['process'], registers: [about] });
  for (const [process, values] of told) up.set({ process }, values === null ? 0 : 1);
  const answered = [...told.values()].filter((values) => values !== null);
  return AggregatorRegistry.aggregate([await about.getMetricsAsJSON(), ...answered]).metrics();
}
