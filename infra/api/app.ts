import express, { type Express, type RequestHandler } from 'express';
import { type Access, type Authenticate, authenticator } from './authenticate.ts';
import type { Auditor } from './auditor.ts';
import type { ApiDeps } from './deps.ts';
import { dispatch } from './dispatch.ts';
import { measure } from './measure.ts';
import { metricsRoute } from './metrics-route.ts';
import { API_BASE } from './openapi.ts';
import { noSuchCall, refuse } from './refuse.ts';
import { apiRoutes } from './routes.ts';

/** The API as an express app. `stopping` ends what has no end of its own. */
export function createApi(deps: ApiDeps, access: Access, { auditor, stopping }: { auditor: Auditor; stopping: AbortSignal }): Express {
  const authenticate = authenticator(access, deps.documents.tokens);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(measure(deps));
  app.get('/healthz', (_request, response) => { response.json({ ok: true }); });
  app.use(identify(authenticate));
  app.get('/metrics', metricsRoute(deps));
  app.use(API_BASE, dispatch(apiRoutes, { deps, authenticate, auditor, stopping }));
  app.use(noSuchCall);
  app.use(refuse(deps.log, auditor));
  return app;
}

function identify(authenticate: Authenticate): RequestHandler {
  return async (request, response, next) => {
    response.set('Cache-Control', 'no-store');
    response.locals['caller'] = await authenticate(request);
    next();
  };
}
