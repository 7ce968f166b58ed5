import type { RequestHandler } from 'express';
import { LunaError } from '../../domain/errors.ts';
import { isAtLeast } from '../../domain/role.ts';
import type { ApiDeps } from './deps.ts';
import { callerOf } from './dispatch.ts';

/** `GET /metrics`: what all of luna's processes count, as Prometheus reads it. For every role; Prometheus sends its token as `authorization`. */
export function metricsRoute({ metrics }: Pick<ApiDeps, 'metrics'>): RequestHandler {
  return async (_request, response) => {
    const caller = callerOf(response);
    response.locals['call'] = 'metrics';
    if (caller === null || !isAtLeast(caller.role, 'viewer')) throw new LunaError('forbidden', 'metrics are for viewers', 'luna token add NAME --role viewer');
    const { text, type } = await metrics.read();
    response.set('Content-Type', type).send(text);
  };
}
