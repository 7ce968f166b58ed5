import { Gauge, type Registry } from 'prom-client';

/** What is counted of the site when somebody looks. Who can't tell rejects: the metric is then missing. */
export interface SiteCounts {
  /** Nodes by the state of their newest run: `running`, `completed`, `failed`… */
  runs(): Promise<Map<string, number>>;
  /** Declared objects by kind. */
  objects(): Map<string, number>;
  /** Whether the document database answers, and in how many seconds. */
  store(): Promise<{ ok: boolean; seconds: number }>;
}

/** Registers the metrics of the lifecycle and the store. */
export function siteMetrics(registry: Registry, counts: SiteCounts): void {
  const registers = [registry];
  const fill = (gauge: Gauge, label: string, values: ReadonlyMap<string, number>): void => {
    gauge.reset();
    for (const [name, count] of values) gauge.set({ [label]: name }, count);
  };
  new Gauge({
    name: 'luna_lifecycle_runs', help: 'Nodes by the state of their newest run.', labelNames: ['state'], registers,
    async collect() { fill(this, 'state', await counts.runs().catch(() => new Map<string, number>())); },
  });
  new Gauge({
    name: 'luna_store_objects', help: 'Declared objects by kind.', labelNames: ['kind'], registers,
    collect() { fill(this, 'kind', counts.objects()); },
  });
  const seconds = new Gauge({ name: 'luna_store_answer_seconds', help: 'Seconds that the document database took to answer.', registers });
  new Gauge({
    name: 'luna_store_up', help: 'Whether the document database answers: 1 or 0.', registers,
    async collect() {
      const answer = await counts.store().catch(() => ({ ok: false, seconds: 0 }));
      this.set(answer.ok ? 1 : 0);
      seconds.set(answer.seconds);
    },
  });
}
