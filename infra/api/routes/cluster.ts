import * as z from 'zod';
import { type Cluster, clusterSchema } from '../../../domain/cluster.ts';
import { LunaError } from '../../../domain/errors.ts';
import { clusterView } from '../../../domain/object-views.ts';
import { clusterChangesSchema, newClusterSchema } from '../../../domain/requests/cluster.ts';
import type { Site } from '../../../domain/site.ts';
import { type ClusterView, clusterViewSchema } from '../../../domain/views.ts';
import { revisionSeen, tellRevision } from '../revision.ts';
import { type Call, type Route, route } from '../route.ts';
import { rawField } from './objects.ts';

const [path, tag] = ['/cluster', 'cluster'] as const;

/** The one cluster object: init, show, change, delete. */
export const clusterRoutes: Route[] = [
  route({
    method: 'get', path, id: 'showCluster', tag, role: 'viewer', revised: true,
    summary: 'Show the cluster',
    query: z.strictObject(rawField),
    answer: { status: 200, schema: z.union([clusterViewSchema, clusterSchema]) },
    handle(call) {
      const site = call.deps.documents.site.current();
      const cluster = clusterOf(site);
      tellRevision(call.response, cluster);
      return call.query.raw === '1' ? cluster : clusterView(site, cluster);
    },
  }),
  route({
    method: 'post', path, id: 'initCluster', tag, role: 'admin', tried: true,
    summary: 'Initialise the cluster',
    body: newClusterSchema,
    answer: { status: 201, schema: clusterViewSchema },
    async handle(call) {
      await call.deps.documents.cluster.init(call.body, call.caller.by);
      return shown(call);
    },
  }),
  route({
    method: 'patch', path, id: 'changeCluster', tag, role: 'admin', revised: true, tried: true,
    summary: 'Change the cluster',
    description: 'Fields that are not sent stay as they are.',
    body: clusterChangesSchema,
    answer: { status: 200, schema: clusterViewSchema },
    async handle(call) {
      const seen = revisionSeen(call.request);
      await call.deps.documents.cluster.change(seen === undefined ? call.body : { ...call.body, rev: seen }, call.caller.by);
      return shown(call);
    },
  }),
  route({
    method: 'delete', path, id: 'deleteCluster', tag, role: 'admin', revised: true, tried: true,
    summary: 'Delete the cluster object',
    description: 'Refused while anything else is declared, unless that is to go with it. Trees stay, packed images for a week.',
    query: z.strictObject({ force: z.literal('1').optional().describe('Delete all that is declared with it.') }),
    answer: { status: 204 },
    async handle({ deps: { documents }, caller, query, request }) {
      const { remove, removeAll } = documents.cluster;
      await (query.force === '1' ? removeAll : remove)(caller.by, revisionSeen(request));
      await documents.site.refresh();
    },
  }),
];

async function shown({ deps: { documents }, response }: Call<unknown, unknown>): Promise<ClusterView> {
  const site = await documents.site.refresh();
  tellRevision(response, clusterOf(site));
  return clusterView(site, clusterOf(site));
}

function clusterOf({ cluster }: Site): Cluster {
  if (!cluster) throw new LunaError('not-found', 'the cluster is not initialised', 'luna cluster init');
  return cluster;
}
