import express, { type Express } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { agentRoutes, type AgentDeps } from './agent.ts';
import { errorAnswer } from './respond.ts';
import { fileRoutes, type FileDeps } from './files.ts';
import { lunaRoutes, type LunaDeps } from './luna.ts';
import { trackerRoutes, type TrackerDeps } from './announce.ts';

/** Everything the node-facing HTTP service asks of its surroundings; each part names its own share. */
export type BootHttpDeps = LunaDeps & AgentDeps & FileDeps & TrackerDeps;

/** The node-facing HTTP service. It knows neither the store nor Temporal; nothing else is served on its port. */
export function createBootHttp(deps: BootHttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(lunaRoutes(deps));
  app.use('/node', agentRoutes(deps));
  app.use(fileRoutes(deps));
  app.use(trackerRoutes(deps));
  app.use((req) => {
    throw new LunaError('not-found', `nothing is served at ${req.path}`);
  });
  app.use(errorAnswer(deps.log));
  return app;
}
