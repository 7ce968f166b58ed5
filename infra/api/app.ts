import express, { type Express, Router } from 'express';
import type { ApiDeps } from './deps.ts';
import { noSuchCall, refuse } from './refuse.ts';
import { clusterRoutes } from './routes/cluster.ts';
import { bmcsetups, groups, networks, nodes, osimages, switches } from './routes/kinds.ts';
import { scriptRoutes, unknownRoutes } from './routes/nodes.ts';
import { objectRoutes } from './routes/objects.ts';
import { packRoutes } from './routes/pack.ts';
import { powerRoutes } from './routes/power.ts';
import { provisionRoutes } from './routes/provision.ts';
import { demandToken } from './token.ts';

/** Who may call: whoever can open the socket is root; by TCP whoever shows the token. `by` stands in the history. */
export type Access = { by: 'root' } | { by: 'token'; token: string };

/** The API as an express app. */
export function createApi(deps: ApiDeps, access: Access): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/healthz', (_request, response) => { response.json({ ok: true }); });
  if (access.by === 'token') app.use(demandToken(access.token));
  app.use(express.json({ limit: '4mb', strict: false }));
  app.use('/api/v1', version1(deps, access.by));
  app.use(noSuchCall);
  app.use(refuse(deps.log));
  return app;
}

function version1(deps: ApiDeps, by: string): Router {
  const { documents, lifecycle } = deps;
  const routes = Router();
  routes.use('/cluster', clusterRoutes(documents, by));
  routes.use('/networks', objectRoutes(networks(documents), documents, by));
  routes.use('/switches', objectRoutes(switches(documents), documents, by));
  routes.use(packRoutes(deps));
  routes.use('/osimages', objectRoutes(osimages(deps), documents, by));
  routes.use('/bmcsetups', objectRoutes(bmcsetups(documents), documents, by));
  routes.use('/groups', objectRoutes(groups(documents), documents, by));
  routes.use(scriptRoutes(deps));
  routes.use('/nodes', objectRoutes(nodes(documents), documents, by));
  routes.use(unknownRoutes(deps));
  routes.use('/provision', provisionRoutes(deps));
  routes.use('/power', powerRoutes(deps));
  routes.get('/status', async (_request, response) => {
    const [store, temporal] = await Promise.all([documents.health(), lifecycle.health()]);
    response.json({ parts: { store, temporal } });
  });
  return routes;
}
