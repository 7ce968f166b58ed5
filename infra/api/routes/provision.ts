import * as z from 'zod';
import { cancelConsequences, hasCompleted, provisionConsequences, stageConsequences } from '../../../domain/consequences/acts.ts';
import { LunaError } from '../../../domain/errors.ts';
import { evidenceViewSchema, provisionCancelledSchema, provisionStartedSchema, provisionStatusSchema, runSummarySchema } from '../../../domain/run-views.ts';
import { STAGES } from '../../../domain/stages.ts';
import { page, pageFields } from '../page.ts';
import { type Route, route } from '../route.ts';
import { forNodes, nodeNames, nodeOf, nodesOf } from './node-names.ts';
import { statuses } from './statuses.ts';

const tag = 'provision' as const;

/** How many runs of a node its history shows. */
const HISTORY = 100;

/** Starting, following, cancelling and looking back at provisions. */
export const provisionRoutes: Route[] = [
  route({
    method: 'post', path: '/provision', id: 'provisionNodes', tag, role: 'operator',
    summary: 'Install nodes, or attach to the runs that are open',
    body: z.strictObject({
      nodes: nodeNames,
      retry: z.boolean().optional().describe('Reattach to a live agent.'),
      from: z.enum(STAGES, `must be a stage: ${STAGES.join(', ')}`).nullable().optional().describe('Only with retry: begin at this stage.'),
    }),
    answer: { status: 200, schema: z.array(provisionStartedSchema) },
    async rehearse({ deps: { documents }, body: { nodes, retry = false } }) {
      const site = documents.site.current();
      const found = nodesOf(site, nodes);
      return provisionConsequences(site, found, await documents.newestRuns(found.map(({ _id }) => _id)), retry);
    },
    handle({ deps: { documents, lifecycle }, body: { nodes, retry = false, from = null } }) {
      if (from !== null && !retry) throw new LunaError('invalid', 'from: a new run begins at its beginning; only a retry begins elsewhere', 'luna provision NODE --retry --from STAGE');
      return forNodes(documents.site.current(), nodes, async (found) => {
        const runs = retry ? await documents.newestRuns(found.map(({ _id }) => _id)) : [];
        const [done, open] = parted(found, (node) => hasCompleted(node, runs));
        const refused = done.map(({ name }) => ({ node: name, error: `the last provision of ${name} completed, there is nothing to retry; to install it again: luna provision ${name}` }));
        return [...refused, ...open.length === 0 ? [] : await lifecycle.provision(open, { retry, from })];
      });
    },
  }),
  route({
    method: 'get', path: '/provision', id: 'listProvisions', tag, role: 'viewer', paged: true,
    summary: 'Show where the newest runs are',
    query: z.strictObject({ nodes: z.string().optional().describe('Names with commas between; all nodes when it is left out.'), ...pageFields }),
    answer: { status: 200, schema: z.array(provisionStatusSchema) },
    async handle(call) {
      const { deps: { documents }, query } = call;
      const found = await statuses(documents, documents.site.current(), query.nodes?.split(',').filter((name) => name !== '') ?? []);
      return query.limit === undefined && query.after === undefined ? found : page(call, found.sort((a, b) => (a.nodeName < b.nodeName ? -1 : 1)), ({ nodeName }) => nodeName);
    },
  }),
  route({
    method: 'post', path: '/provision/cancel', id: 'cancelProvisions', tag, role: 'operator',
    summary: 'Cancel the open runs of some nodes',
    body: z.strictObject({ nodes: nodeNames }),
    answer: { status: 200, schema: z.array(provisionCancelledSchema) },
    async rehearse({ deps: { documents }, body: { nodes } }) {
      const found = nodesOf(documents.site.current(), nodes);
      return cancelConsequences(found, await documents.newestRuns(found.map(({ _id }) => _id)));
    },
    handle: ({ deps: { documents, lifecycle }, body: { nodes } }) => forNodes(documents.site.current(), nodes, (found) => lifecycle.cancel(found)),
  }),
  route({
    method: 'get', path: '/provision/{node}/history', id: 'listRuns', tag, role: 'viewer',
    summary: `Show the last ${HISTORY} runs of a node, newest first`,
    answer: { status: 200, schema: z.array(runSummarySchema) },
    handle: ({ deps: { documents }, param }) => documents.runsOf(nodeOf(documents.site.current(), param('node'))._id, HISTORY),
  }),
  route({
    method: 'get', path: '/provision/{node}/log', id: 'showRunLog', tag, role: 'viewer',
    summary: 'Show what was observed of the newest run of a node',
    answer: { status: 200, schema: z.array(evidenceViewSchema) },
    async handle({ deps: { documents }, param }) {
      const [newest] = await documents.runsOf(nodeOf(documents.site.current(), param('node'))._id, 1);
      return newest ? documents.evidenceOfRuns([newest._id]) : [];
    },
  }),
  route({
    method: 'post', path: '/provision/{node}/stage', id: 'steerStage', tag, role: 'operator',
    summary: 'Retry or skip the stage that an open run is in',
    body: z.strictObject({ action: z.enum(['retry', 'skip']) }),
    answer: { status: 200, schema: z.string().describe('The stage.') },
    async rehearse({ deps: { documents }, param, body }) {
      const node = nodeOf(documents.site.current(), param('node'));
      return stageConsequences(node, await documents.newestRuns([node._id]), body.action);
    },
    handle: ({ deps: { documents, lifecycle }, param, body }) => lifecycle.stage(nodeOf(documents.site.current(), param('node')), body.action),
  }),
];

function parted<T>(all: readonly T[], first: (one: T) => boolean): [T[], T[]] {
  return [all.filter(first), all.filter((one) => !first(one))];
}
