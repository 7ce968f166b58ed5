import type { RequestHandler } from 'express';
import type { ApiDeps } from './deps.ts';

/** Counts every request by the name of its call and the status of its answer, and the time that it took. */
export function measure({ metrics }: Pick<ApiDeps, 'metrics'>): RequestHandler {
  return (_request, response, next) => {
    const began = performance.now();
    response.once('close', () => {
      const call: unknown = response.locals['call'];
      const kind = typeof call === 'string' ? call : 'none';
      metrics.meter.packet(kind, response.writableFinished ? String(response.statusCode) : 'aborted');
      // A stream's length is its reader's.
      if (!/^text\/event-stream/.test(String(response.getHeader('content-type')))) metrics.meter.took(kind, (performance.now() - began) / 1000);
    });
    next();
  };
}
