import { type RequestHandler, type Response, Router } from 'express';
import * as z from 'zod';
import { LunaError } from '../../domain/errors.ts';
import { type Caller, isAtLeast } from '../../domain/role.ts';
import type { Auditor } from './auditor.ts';
import type { Authenticate } from './authenticate.ts';
import { bodyReaders } from './body-readers.ts';
import { parseBody } from './body.ts';
import type { ApiDeps } from './deps.ts';
import { HttpRefusal } from './http-refusal.ts';
import type { Call, Route } from './route.ts';
import { dryRun } from './trial.ts';

/** For calls that declare no query. */
const noQuery = z.strictObject({});

/** What calls are served with. */
export interface Serving { deps: ApiDeps; authenticate: Authenticate; auditor: Auditor; stopping: AbortSignal }

/** What a trial does to trees. */
const untouched = { clone: () => Promise.resolve(), discard: () => Promise.resolve() };

/** Who calls, once it is known. */
export function callerOf(response: Response): Caller | null {
  return (response.locals['caller'] as Caller | undefined) ?? null;
}

/** Serves the declared calls, and answers 405 to other methods on their paths. A GET serves HEAD too. A body is read only of callers who may call. */
export function dispatch(routes: readonly Route[], serving: Serving): Router {
  const router = Router();
  for (const route of routes) router[route.method](route.path.replace(/\{(\w+)\}/g, ':$1'), allow(route), ...bodyReaders(route), serve(route, serving));
  router.use(notAllowed(routes));
  return router;
}

function serve(route: Route, { deps, authenticate, auditor, stopping }: Serving): RequestHandler {
  const { answer } = route;
  return async (request, response) => {
    const caller = callerOf(response);
    if (!caller) throw new Error(`${route.path} was called by nobody`);
    const param = (name: string): string => {
      const value = request.params[name];
      if (typeof value !== 'string') throw new Error(`${route.path} has no parameter ${name}`);
      return value;
    };
    const stillAllowed = async (): Promise<boolean> => {
      const now = await authenticate(request).catch(() => null);
      return now !== null && isAtLeast(now.role, route.role);
    };
    const { dry_run: dry, ...asked } = request.query;
    const trial = (route.tried === true || route.rehearse !== undefined) && dry === '1';
    const query = parseBody(route.query ?? noQuery, trial ? asked : { ...request.query });
    const body = route.body ? parseBody(route.body, request.body) : undefined;
    const call: Call<unknown, unknown> = { deps, caller, param, query, body, source: request.body, request, response, stopping, stillAllowed };
    if (trial) {
      response.json(route.rehearse ? { diff: [], consequences: await route.rehearse(call) } : await dryRun(deps.documents, (documents) => route.handle({ ...call, deps: { ...deps, documents, trees: { ...deps.trees, ...untouched } } })));
      return;
    }
    const result: unknown = await route.handle(call);
    if ('stream' in answer) return;
    await auditor.note(request, { caller, status: answer.status, reason: '' });
    response.status(answer.status);
    if ('text' in answer && answer.text !== undefined && typeof result === 'string') response.type(answer.text).send(result);
    else if ('schema' in answer) response.json(result);
    else response.end();
  };
}

/** Refuses those whose role is too small, before anything of the call is read. */
function allow({ role, method, path, id }: Route): RequestHandler {
  return (_request, response, next) => {
    response.locals['call'] = id;
    const caller = callerOf(response);
    if (caller && isAtLeast(caller.role, role)) next();
    else throw new LunaError('forbidden', `${caller?.by ?? 'nobody'} has the role ${caller?.role ?? 'none'}; ${method.toUpperCase()} ${path} needs ${role}`, 'luna token list');
  };
}

/** 405 with the methods there are, for a path that is known. */
function notAllowed(routes: readonly Route[]): RequestHandler {
  const known = routes.map(({ method, path }) => ({ method: method.toUpperCase(), pattern: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}/?$`) }));
  return (request, response, next) => {
    const methods = new Set(known.filter(({ pattern }) => pattern.test(request.path)).flatMap(({ method }) => method === 'GET' ? ['GET', 'HEAD'] : [method]));
    if (methods.size === 0) {
      next();
      return;
    }
    const allowed = [...methods].join(', ');
    response.set('Allow', allowed);
    if (request.method === 'OPTIONS') {
      response.status(204).end();
      return;
    }
    throw new HttpRefusal(405, 'invalid', `${request.originalUrl.split('?')[0] ?? ''} knows ${allowed}, not ${request.method}`);
  };
}
