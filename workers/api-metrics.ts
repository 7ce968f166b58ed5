import { BOOT_SERVICES } from '../domain/boot-record.ts';
import type { ApiDeps } from '../infra/api/deps.ts';
import type { Documents } from '../infra/api/documents.ts';
import type { Config } from '../infra/config.ts';
import { EXPOSITION_TYPE, exposition } from '../infra/metrics/exposition.ts';
import type { Metrics } from '../infra/metrics/metrics.ts';
import { serviceCounts } from '../infra/metrics/service-counts.ts';
import { siteMetrics } from '../infra/metrics/site-metrics.ts';
import { readMetrics } from '../infra/metrics/socket.ts';

const KINDS = ['networks', 'switches', 'otherdevs', 'osimages', 'bmcsetups', 'groups', 'nodes'] as const;

/** What the API counts, and how it reads what all processes count. */
export function apiMetrics({ config, metrics, documents }: { config: Config; metrics: Metrics; documents: Documents }): ApiDeps['metrics'] {
  siteMetrics(metrics.registry, {
    async runs() {
      const counts = new Map<string, number>();
      for (const { status } of await documents.newestRuns(null)) counts.set(status, (counts.get(status) ?? 0) + 1);
      return counts;
    },
    objects: () => new Map(KINDS.map((kind) => [kind, documents.site.current()[kind].size])),
    async store() {
      const began = performance.now();
      const { ok } = await documents.health();
      return { ok, seconds: (performance.now() - began) / 1000 };
    },
  });
  return {
    meter: metrics.meter('api'),
    async read() {
      return { text: await exposition(await readMetrics(config.runDir)), type: EXPOSITION_TYPE };
    },
    services: async () => serviceCounts((await readMetrics(config.runDir)).values(), [...BOOT_SERVICES, 'rogue']),
  };
}
