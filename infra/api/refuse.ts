import type { ErrorRequestHandler, RequestHandler } from 'express';
import { type ErrorBody, type ErrorCode, LunaError } from '../../domain/errors.ts';
import { InvalidAddress } from '../../domain/ip.ts';
import { InvalidMac } from '../../domain/mac.ts';
import type { Log } from '../log.ts';

const STATUS: Record<ErrorCode, number> = {
  'invalid': 400, 'forbidden': 403, 'not-found': 404, 'conflict': 409, 'taken': 409, 'in-use': 409, 'unavailable': 503,
};

/** Turns whatever was thrown into an {@link ErrorBody}. What nobody foresaw is logged and answered with 500. */
export function refuse(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = understood(error);
    if (!known) log.error('api.failed', { method: request.method, path: request.path, error });
    const told = known ?? new LunaError('unavailable', `the API failed: ${error instanceof Error ? error.message : String(error)}`, 'luna status');
    const body: ErrorBody = { error: { code: told.code, message: told.message, ...(told.next === undefined ? {} : { next: told.next }) } };
    response.status(known ? STATUS[told.code] : 500).json(body);
  };
}

/** Answers calls that do not exist. */
export const noSuchCall: RequestHandler = (request) => {
  throw new LunaError('not-found', `there is no ${request.method} ${request.path}`);
};

function understood(error: unknown): LunaError | null {
  if (error instanceof LunaError) return error;
  if (error instanceof InvalidAddress || error instanceof InvalidMac) return new LunaError('invalid', error.message);
  if (!(error instanceof Error)) return null;
  if (/^Mongo(ServerSelection|Network|NetworkTimeout|NotConnected|PoolCleared|TopologyClosed)/.test(error.name)) {
    return new LunaError('unavailable', `the document database does not answer: ${error.message}`, 'luna status');
  }
  // express's own: a body that is no JSON, or too long.
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  return status >= 400 && status < 500 ? new LunaError('invalid', error.message) : null;
}
