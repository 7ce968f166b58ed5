import type { ErrorRequestHandler, Request, Response } from 'express';
import { LunaError, type ErrorCode } from '../../../domain/errors.ts';
import type { Log } from '../../log.ts';
import { createLimiter } from '../limiter.ts';
import { addressOf } from './connections.ts';
import { noteOf } from './notes.ts';

const STATUS: Record<ErrorCode, number> = { 'invalid': 400, 'forbidden': 403, 'not-found': 404, 'conflict': 409, 'taken': 409, 'in-use': 409, 'unavailable': 503 };

/** Answers in plain text. Nothing of this service may be cached: every answer holds for one boot. */
export function sendText(res: Response, text: { toString(): string }, status = 200): void {
  res.status(status).set({ 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' }).send(text.toString());
}

/** Answers the agent: one `key=value` a line, no quoting; line breaks in a value become blanks. */
export function sendValues(res: Response, values: Readonly<Record<string, string | number>>): void {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${String(value).replace(/[\r\n]+/g, ' ')}\n`);
  sendText(res, lines.join(''));
}

/** A query parameter that was given exactly once; anything else is as if it were missing. */
export function queryOf(req: Request, name: string): string | undefined {
  const value = (req.query as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}

/** A field of a form; empty when missing. */
export function fieldOf(req: Request, name: string): string {
  const form: unknown = req.body;
  const value = typeof form === 'object' && form !== null ? (form as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' ? value : '';
}

/** A field of a form as a number ≥ 0; 0 when it is missing or none. */
export function numberOf(req: Request, name: string): number {
  const value = Number(fieldOf(req, name));
  return Number.isFinite(value) && value >= 0 ? value : 0;
}

/** Turns what a handler threw into a status and one line of text. Only what nobody foresaw is logged as an error. */
export function errorAnswer(log: Log): ErrorRequestHandler {
  // Who asks for nothing but nonsense may not fill the disk with a log; the records and counters have all of it.
  const mayLog = createLimiter({ rate: 1, burst: 20, clients: 1000, now: () => performance.now() });
  return (error: unknown, req, res, next) => {
    const message = error instanceof Error ? error.message : String(error);
    noteOf(res).why = message;
    if (res.headersSent) {
      next(error);
      return;
    }
    const status = statusOf(error);
    const data = { path: req.path, ip: addressOf(req.socket.remoteAddress), status, error: message };
    if (status >= 500) log.error('http.failed', data);
    else if (mayLog(data.ip)) log.info('http.refused', data);
    sendText(res, `${message}\n`, status);
  };
}

/** The status of an error: LunaError by its code, an HTTP library's own (a malformed form, a bad range) as it says, 500 else. */
function statusOf(error: unknown): number {
  if (error instanceof LunaError) return STATUS[error.code];
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}
