import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { type ErrorCode, LunaError, type Problem, StaleRevision } from '../../domain/errors.ts';
import { InvalidAddress } from '../../domain/ip.ts';
import { InvalidMac } from '../../domain/mac.ts';
import type { Log } from '../log.ts';
import type { Auditor } from './auditor.ts';
import { callerOf } from './dispatch.ts';
import { HttpRefusal } from './http-refusal.ts';
import { etag } from './revision.ts';

const STATUS: Record<ErrorCode, number> = {
  'invalid': 400, 'forbidden': 403, 'not-found': 404, 'conflict': 409, 'taken': 409, 'in-use': 409, 'unavailable': 503,
};

/** Turns whatever was thrown into a {@link Problem}. What nobody foresaw is logged and answered with 500. */
export function refuse(log: Log, auditor: Auditor): ErrorRequestHandler {
  return async (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const known = understood(error);
    if (!known) log.error('api.failed', { method: request.method, path: request.path, error });
    const told = known ?? new LunaError('unavailable', `the API failed: ${error instanceof Error ? error.message : String(error)}`, 'luna status');
    const status = known ? statusOf(told, request) : 500;
    await auditor.note(request, { caller: callerOf(response), status, reason: told.message });
    if (told instanceof HttpRefusal) response.set(told.headers);
    if (told instanceof StaleRevision) response.set('ETag', etag(told.present));
    response.status(status).type('application/problem+json').send(JSON.stringify(problem(told, status)));
  };
}

/** Answers calls that do not exist. */
export const noSuchCall: RequestHandler = (request) => {
  throw new LunaError('not-found', `there is no ${request.method} ${request.originalUrl.split('?')[0] ?? ''}`);
};

/** Who told his revision by If-Match hears of a newer one as HTTP has it; who sent it as `rev` hears of a conflict. */
function statusOf(error: LunaError, request: Request): number {
  if (error instanceof HttpRefusal) return error.status;
  if (error instanceof StaleRevision && request.headers['if-match'] !== undefined) return 412;
  return STATUS[error.code];
}

function problem(error: LunaError, status: number): Problem {
  return {
    type: `urn:luna:${error.code}`,
    title: STATUS_CODES[status] ?? 'Refused',
    status,
    detail: error.message,
    ...(error instanceof StaleRevision ? { revision: error.present } : {}),
    error: { code: error.code, message: error.message, ...(error.next === undefined ? {} : { next: error.next }) },
  };
}

function understood(error: unknown): LunaError | null {
  if (error instanceof LunaError) return error;
  if (error instanceof InvalidAddress || error instanceof InvalidMac) return new LunaError('invalid', error.message);
  if (!(error instanceof Error)) return null;
  if (/^Mongo(ServerSelection|Network|NetworkTimeout|NotConnected|PoolCleared|TopologyClosed)/.test(error.name)) {
    return new LunaError('unavailable', `the document database does not answer: ${error.message}`, 'luna status');
  }
  return bodyRefusal(error);
}

/** express's own refusals of a body. The parser's words quote what was sent, which may hold a secret: they are not repeated. */
function bodyRefusal(error: Error): LunaError | null {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : '';
  if (status < 400 || status >= 500) return null;
  if (type === 'entity.parse.failed') return new HttpRefusal(400, 'invalid', 'the body is no JSON');
  if (type === 'entity.too.large') return new HttpRefusal(413, 'invalid', 'the body is too long');
  return new HttpRefusal(status, 'invalid', type === '' ? error.message : `the body can't be read (${type})`);
}
