import express, { type Express } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { agentRoutes, type AgentDeps } from './agent.ts';
import { errorAnswer } from './respond.ts';
import { fileRoutes, type FileDeps } from './files.ts';
import { createLimiter } from '../limiter.ts';
import { lunaRoutes, type LunaDeps } from './luna.ts';
import { watchRequests, type RequestDeps } from './requests.ts';
import { trackerRoutes, type TrackerDeps } from './announce.ts';

/** Requests of one address: a rate it may keep up, and as many at once after a pause. */
export interface RequestLimits { perSecond: number; burst: number }

/** A node asks for a few dozen while it is installed; a web seed that fetches small pieces fast asks for hundreds a second. */
const USUAL_LIMITS: RequestLimits = { perSecond: 1000, burst: 3000 };
/** As many addresses as a large site has machines. */
const CLIENTS = 20_000;

/** Everything the node-facing HTTP service asks of its surroundings; each part names its own share. */
export type BootHttpDeps = LunaDeps & AgentDeps & FileDeps & TrackerDeps & RequestDeps & { readonly limits?: RequestLimits };

/** The node-facing HTTP service. It knows neither the store nor Temporal; nothing else is served on its port. */
export function createBootHttp(deps: BootHttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  deps.meter.gauge('transfers', 'Files that are being sent.', () => deps.transfers.count);
  const { perSecond, burst } = deps.limits ?? USUAL_LIMITS;
  app.use(watchRequests(deps, createLimiter({ rate: perSecond, burst, clients: CLIENTS, now: () => performance.now() })));
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
