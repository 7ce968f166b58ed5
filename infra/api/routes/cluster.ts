import { Router } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { clusterView } from '../../../domain/object-views.ts';
import { clusterChangesSchema, newClusterSchema } from '../../../domain/requests/cluster.ts';
import type { Site } from '../../../domain/site.ts';
import type { Cluster } from '../../../domain/cluster.ts';
import { parseBody } from '../body.ts';
import type { Documents } from '../documents.ts';

/** The one cluster object: init, show, change, delete. */
export function clusterRoutes(documents: Documents, by: string): Router {
  const routes = Router();
  routes.get('/', (request, response) => {
    const cluster = clusterOf(documents.site.current());
    response.json(request.query['raw'] === '1' ? cluster : clusterView(cluster));
  });
  routes.post('/', async (request, response) => {
    await documents.cluster.init(parseBody(newClusterSchema, request.body), by);
    response.status(201).json(clusterView(clusterOf(await documents.site.refresh())));
  });
  routes.patch('/', async (request, response) => {
    await documents.cluster.change(parseBody(clusterChangesSchema, request.body), by);
    response.json(clusterView(clusterOf(await documents.site.refresh())));
  });
  routes.delete('/', async (_request, response) => {
    await documents.cluster.remove(by);
    await documents.site.refresh();
    response.status(204).end();
  });
  return routes;
}

function clusterOf({ cluster }: Site): Cluster {
  if (!cluster) throw new LunaError('not-found', 'the cluster is not initialised', 'luna cluster init');
  return cluster;
}
