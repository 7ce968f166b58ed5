import express, { type RequestHandler } from 'express';
import { HttpRefusal } from './http-refusal.ts';
import type { Route } from './route.ts';

/** The longest usual body: a list of twenty thousand names, or the scripts of a group. */
const BODY_LIMIT = '4mb';

const JSON_TYPE = 'application/json';

/** Read the body of a call that has one, and refuse one of a type that the call doesn't take. For other calls there are none. */
export function bodyReaders({ body, source }: Pick<Route, 'body' | 'source'>): RequestHandler[] {
  if (source) return [express.text({ limit: source.limit, type: [...source.texts] }), express.json({ limit: source.limit, strict: false }), refuseUnread([JSON_TYPE, ...source.texts])];
  return body ? [express.json({ limit: BODY_LIMIT, strict: false }), refuseUnread([JSON_TYPE])] : [];
}

/** Throws 415 for a body that no reader took: express leaves it undefined, and it would pass for an empty one. */
function refuseUnread(taken: readonly string[]): RequestHandler {
  return ({ body, headers, method, originalUrl }, _response, next) => {
    const sent = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
    if (body !== undefined || !sent) {
      next();
      return;
    }
    const given = headers['content-type'] === undefined ? 'without a type' : `of type ${headers['content-type'].split(';')[0] ?? ''}`;
    throw new HttpRefusal(415, 'invalid', `a body ${given} can't be read; ${method} ${originalUrl.split('?')[0] ?? ''} takes ${taken.join(', ')}`, { headers: { Accept: taken.join(', ') } });
  };
}
