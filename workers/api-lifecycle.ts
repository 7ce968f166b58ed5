import type { Client } from '@temporalio/client';
import { LunaError } from '../domain/errors.ts';
import type { Evidence } from '../domain/evidence.ts';
import type { Node } from '../domain/node.ts';
import type { PowerAction, PowerAnswer } from '../domain/power.ts';
import type { RunSummary } from '../domain/provision.ts';
import { provisionStatus } from '../domain/provision-status.ts';
import { timeline } from '../domain/timeline.ts';
import type { LunaStage } from '../domain/stages.ts';
import type { ProvisionCancelled, ProvisionStarted, ProvisionStatus } from '../domain/views.ts';
import { createPower } from '../infra/lifecycle/power.ts';
import { createRuns } from '../infra/lifecycle/runs.ts';
import type { Store } from '../infra/store/connect.ts';
import { evidenceOfRuns } from '../infra/store/evidence.ts';
import { progressOf } from '../infra/store/progress.ts';
import { newestRuns, runsOf } from '../infra/store/runs.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';

/** Runs started or cancelled at once; Temporal's embedded server gains nothing from more. */
const WIDTH = 16;
const HISTORY = 100;

/** Provisions and power for the API: node names in, what became of each out. */
export function createApiLifecycle({ store, watch, client }: { store: Store; watch: SiteWatch; client: Client }) {
  const runs = createRuns(client);
  const power = createPower(client);

  const nodeNamed = (name: string): Node => {
    const node = watch.current().nodesByName.get(name);
    if (node === undefined) throw new LunaError('not-found', `there is no node ${name}`, 'luna node list');
    return node;
  };

  return {
    /** Starts the runs of some nodes, or joins those going on. */
    async provision(nodes: string[], options: { retry: boolean; from: LunaStage | null }): Promise<ProvisionStarted[]> {
      await watch.refresh();
      return each(nodes, async (name) => {
        const node = nodeNamed(name);
        const site = watch.current();
        const group = site.groups.get(node.group);
        const labels = { groupName: group?.name ?? '', osimageName: site.osimages.get(group?.osimage ?? '')?.name ?? '' };
        const started = await runs.start({ nodeId: node._id, nodeName: name, mode: options.retry ? 'retry' : 'asked', from: options.from }, labels);
        return { node: name, ...started };
      });
    },

    /** Where the newest run of each node is; null: of every node that ever had one. */
    async provisionStatus(nodes: string[] | null): Promise<ProvisionStatus[]> {
      const ids = nodes?.map((name) => nodeNamed(name)._id) ?? null;
      const newest = await newestRuns(store, ids);
      const words = await progressOf(store, newest.map((run) => run.nodeId));
      const evidence = byRun(await evidenceOfRuns(store, newest.filter((run) => run.status === 'running').map((run) => run._id)));
      const now = new Date().toISOString();
      return newest
        .map((run) => {
          const seen = evidence.get(run._id) ?? [];
          const stages = run.status === 'running' ? timeline(run.stages, seen, null) : run.stages;
          return provisionStatus({ ...run, stages }, words.get(run.nodeId), seen.at(-1)?.stage ?? null, now);
        })
        .sort((a, b) => a.nodeName.localeCompare(b.nodeName));
    },

    /** Asks runs to end. */
    async cancel(nodes: string[]): Promise<ProvisionCancelled[]> {
      return each(nodes, async (name) => ({ node: name, cancelled: await runs.cancel(nodeNamed(name)._id) }));
    },

    /** Has what a node's run waits for run again, or takes it as done. Answers its row. */
    async steer(name: string, action: 'retry' | 'skip'): Promise<string> {
      return runs.steer(nodeNamed(name)._id, action);
    },

    /** Runs of a node, newest first. */
    async history(name: string): Promise<RunSummary[]> {
      return runsOf(store, nodeNamed(name)._id, HISTORY);
    },

    /** Evidence of a node's newest run, oldest first. */
    async log(name: string): Promise<Evidence[]> {
      const [newest] = await runsOf(store, nodeNamed(name)._id, 1);
      return newest === undefined ? [] : evidenceOfRuns(store, [newest._id]);
    },

    /** One action on the BMC of each node. */
    async power(nodes: string[], action: PowerAction): Promise<PowerAnswer[]> {
      return power(nodes.map((name) => ({ nodeId: nodeNamed(name)._id, nodeName: name })), action);
    },
  };
}

function byRun(evidence: Evidence[]): Map<string, Evidence[]> {
  const runs = new Map<string, Evidence[]>();
  for (const e of evidence) runs.set(e.runId, [...(runs.get(e.runId) ?? []), e]);
  return runs;
}

/** Does something for each name, some at once; a refusal becomes that node's answer and stops nobody else. */
async function each<T extends { node: string }>(names: string[], work: (name: string) => Promise<T>): Promise<(T | { node: string; error: string })[]> {
  const answers = new Map<string, T | { node: string; error: string }>();
  const queue = [...names];
  await Promise.all(Array.from({ length: Math.min(WIDTH, queue.length) }, async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      try {
        answers.set(name, await work(name));
      } catch (error) {
        if (!(error instanceof LunaError)) throw error;
        answers.set(name, { node: name, error: error.next === undefined ? error.message : `${error.message} (${error.next})` });
      }
    }
  }));
  return names.flatMap((name) => answers.get(name) ?? []);
}
