import type { MetricValue } from 'prom-client';
import type { ServiceCounts } from '../../domain/service-counts.ts';
import type { ProcessValues } from './metrics.ts';

type Values = readonly (MetricValue<string> & { metricName?: string })[];

/** What each of these services did, joined over all processes; nothing of those of which nobody tells. */
export function serviceCounts(told: Iterable<ProcessValues | null>, services: readonly string[]): ServiceCounts[] {
  const metrics = [...told].flatMap((values) => values ?? []);
  return services.flatMap((service) => {
    const own = metrics.filter(({ name }) => name.startsWith(`luna_${service}_`)).map((metric) => ({ ...metric, short: metric.name.slice(`luna_${service}_`.length) }));
    if (own.length === 0) return [];
    const of = (name: RegExp): Values => own.filter(({ short }) => name.test(short)).flatMap(({ values }) => values as Values);
    const received = of(/^(packets|requests|queries)_total$/).map(({ labels, value }) => ({ kind: String(labels['kind']), result: String(labels['result']), count: value }));
    const durations = of(/^duration_seconds$/);
    const [count, seconds] = ['count', 'sum'].map((end) => sum(durations.filter(({ metricName }) => metricName?.endsWith(`_${end}`) === true)));
    return [{
      service,
      received: received.sort((a, b) => b.count - a.count),
      bytes: sum(of(/^sent_bytes_total$/)),
      seconds: count === undefined || seconds === undefined || count === 0 ? null : seconds / count,
      now: Object.fromEntries(own.filter((metric) => String(metric.type) === 'gauge').map(({ short, values }) => [short, sum(values)])),
    }];
  });
}

function sum(values: Values): number {
  return values.reduce((all, { value }) => all + value, 0);
}
