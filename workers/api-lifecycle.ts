import type { Client } from '@temporalio/client';
import { LunaError } from '../domain/errors.ts';
import type { ProvisionCancelled, ProvisionStarted } from '../domain/run-views.ts';
import type { Lifecycle, NodeRef } from '../infra/api/lifecycle.ts';
import type { TemporalConfig } from '../infra/config.ts';
import { createPacks } from '../infra/lifecycle/packs.ts';
import { createPower } from '../infra/lifecycle/power.ts';
import { createRuns, type RunLabels } from '../infra/lifecycle/runs.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';

/** Runs started or cancelled at once; Temporal's embedded server gains nothing from more. */
const WIDTH = 16;

export interface ApiLifecycleDeps {
  watch: SiteWatch;
  client: Client;
  temporal: TemporalConfig;
}

/** What the API asks of workflows, answered by Temporal. */
export function createApiLifecycle({ watch, client, temporal }: ApiLifecycleDeps): Lifecycle {
  const runs = createRuns(client);
  const power = createPower(client);
  const packs = createPacks(client);

  const labelsOf = (nodeId: string): RunLabels => {
    const site = watch.current();
    const group = site.groups.get(site.nodes.get(nodeId)?.group ?? '');
    return { groupName: group?.name ?? '', osimageName: site.osimages.get(group?.osimage ?? '')?.name ?? '' };
  };

  return {
    provision: (nodes, { retry, from }) => each<ProvisionStarted>(nodes, async ({ _id: nodeId, name: nodeName }) => {
      const started = await runs.start({ nodeId, nodeName, mode: retry ? 'retry' : 'asked', from }, labelsOf(nodeId));
      return { node: nodeName, ...started };
    }),
    cancel: (nodes) => each<ProvisionCancelled>(nodes, async ({ _id, name }) => ({ node: name, cancelled: await runs.cancel(_id) })),
    stage: ({ _id }, action) => runs.steer(_id, action),
    power: (nodes, action, iface) => power(nodes.map(({ _id, name }) => ({ nodeId: _id, nodeName: name })), action, iface),
    ...packs,
    async health() {
      const ui = temporal.external ? null : `http://127.0.0.1:${temporal.uiPort}`;
      try {
        await client.withDeadline(Date.now() + 2000, () => client.workflowService.getSystemInfo({}));
        return { ok: true, address: temporal.address, message: '', ui };
      } catch (error) {
        return { ok: false, address: temporal.address, message: error instanceof Error ? error.message : String(error), ui };
      }
    },
  };
}

/** Does something for each node, some at once; a refusal becomes that node's answer and stops nobody else. */
async function each<T>(nodes: readonly NodeRef[], work: (node: NodeRef) => Promise<T>): Promise<(T | { node: string; error: string })[]> {
  const answers = new Map<string, T | { node: string; error: string }>();
  const queue = [...nodes];
  await Promise.all(Array.from({ length: Math.min(WIDTH, queue.length) }, async () => {
    for (let node = queue.shift(); node !== undefined; node = queue.shift()) {
      const { name } = node;
      try {
        answers.set(name, await work(node));
      } catch (error) {
        // An absent engine is everybody's answer, not this node's.
        if (!(error instanceof LunaError) || error.code === 'unavailable') throw error;
        answers.set(name, { node: name, error: error.next === undefined ? error.message : `${error.message} (${error.next})` });
      }
    }
  }));
  return nodes.flatMap(({ name }) => answers.get(name) ?? []);
}
