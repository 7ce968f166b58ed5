import type { Request, RequestHandler, Response } from 'express';
import type { BootRecord, Seen } from '../../../domain/boot-record.ts';
import type { Limiter } from '../limiter.ts';
import type { Meter } from '../../meter.ts';
import { addressOf } from './connections.ts';
import { noteOf } from './notes.ts';
import { sendText } from './respond.ts';

/** Where what is seen of requests goes. */
export interface RequestDeps {
  readonly meter: Meter;
  readonly seen: Seen;
}

/** What a request is counted as, by the beginning of its path. */
const KINDS: readonly [prefix: string, kind: string][] = [
  ['/luna', 'script'], ['/boot/', 'file'], ['/torrents/', 'image'], ['/manifest/', 'image'], ['/node/', 'agent'], ['/announce', 'announce'], ['/scrape', 'announce'],
];
/** They come every few seconds and tell nothing of a machine's way that other calls don't tell. */
const UNTOLD = /^\/(announce|scrape|node\/(next|progress))$/;

/** First of all handlers: bounds what one client may ask for, and takes note of every request when its answer is over. */
export function watchRequests({ meter, seen }: RequestDeps, limiter: Limiter): RequestHandler {
  return (req, res, next) => {
    const kind = KINDS.find(([prefix]) => req.path.startsWith(prefix))?.[1] ?? 'other';
    const ip = addressOf(req.socket.remoteAddress);
    if (!limiter(ip)) {
      meter.packet(kind, 'limited');
      res.set('Retry-After', '1');
      sendText(res, 'too many requests from this address\n', 429);
      return;
    }
    const { originalUrl, path, method } = req;
    const began = performance.now();
    const at = new Date().toISOString();
    res.once('close', () => {
      const ms = performance.now() - began;
      const { sent } = noteOf(res);
      meter.packet(kind, resultOf(res));
      meter.took(kind, ms / 1000);
      if (sent > 0) meter.sent(sent);
      if (!UNTOLD.test(path) || res.statusCode >= 400) seen({ at, ip: ip === '' ? null : ip, ...recordOf(method, originalUrl, res, Math.round(ms)) });
    });
    next();
  };
}

function recordOf(method: string, url: string, res: Response, ms: number): Omit<BootRecord, 'at' | 'ip'> {
  const note = noteOf(res);
  const service = url.startsWith('/node/') ? 'agent' : 'http';
  // A nonce opens what a machine may see: it has no place in a record that every viewer may read.
  const saw = `${method} ${url.replace(/([?&]nonce=)[^&]*/g, '$1…')}`.slice(0, 300);
  return {
    service, mac: note.mac, nodeId: note.nodeId, networkId: null, saw, answered: answerOf(res, ms), why: note.why.slice(0, 300),
    facts: { status: res.statusCode, ms, ...(note.sent > 0 ? { bytes: note.sent } : {}) },
  };
}

function answerOf(res: Response, ms: number): string {
  const { answered, sent, broken } = noteOf(res);
  if (broken || !res.writableFinished) return `${res.statusCode}, broken off${sent > 0 ? ` after ${sizeText(sent)}` : ''}`;
  return `${res.statusCode}${answered === '' ? '' : ` ${answered}`}${sent > 0 ? `, ${sizeText(sent)} in ${ms} ms` : ''}`.slice(0, 300);
}

function resultOf(res: Response): string {
  if (noteOf(res).broken || !res.writableFinished) return 'broken';
  if (res.statusCode >= 500) return 'failed';
  return res.statusCode >= 400 ? 'refused' : 'ok';
}

function sizeText(bytes: number): string {
  if (bytes < 10_000) return `${bytes} bytes`;
  return bytes < 10_000_000 ? `${Math.round(bytes / 1000)} KB` : `${Math.round(bytes / 1_000_000)} MB`;
}

/** The machine that a request is about. */
export function aboutMachine(req: Request, { mac, nodeId }: { mac?: string | null; nodeId?: string }): void {
  const note = req.res === undefined ? null : noteOf(req.res);
  if (note === null) return;
  if (mac !== undefined) note.mac = mac;
  if (nodeId !== undefined) note.nodeId = nodeId;
}
