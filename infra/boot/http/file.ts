import { open, type FileHandle } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import type { Request, Response } from 'express';
import { LunaError } from '../../../domain/errors.ts';
import { fileAnswer, type FileRequest } from './file-answer.ts';
import { noteOf } from './notes.ts';
import { sendPieces } from './send-pieces.ts';
import type { Transfers } from './transfers.ts';

/** A file to be sent. */
export interface FileToSend {
  path: string;
  /** The name people know it by. */
  name: string;
  type: string;
  /** SHA-256 of its bytes in hex, where it is known; else size and time tell one version from another. */
  sha256: string | null;
  /** Whether its name says what its bytes are, so that it may be kept for good. */
  unchanging: boolean;
  /** Throws when the open file is not to be sent. */
  check?(file: FileHandle): Promise<void>;
}

/** Answers GET and HEAD with a file: ranges, conditions, constant memory. Throws LunaError `not-found` when there is none. */
export async function sendFile(req: Request, res: Response, wanted: FileToSend, transfers: Transfers): Promise<void> {
  const file = await open(wanted.path).catch((error: unknown) => { throw refusalOf(error, wanted.name); });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new LunaError('not-found', `there is no file ${wanted.name}`);
    await wanted.check?.(file);
    const etag = `"${wanted.sha256 ?? `${found.size.toString(16)}-${Math.floor(found.mtimeMs * 1000).toString(16)}-${found.ino.toString(16)}`}"`;
    const answer = fileAnswer(conditionsOf(req.headers), { size: found.size, etag, modified: found.mtime, type: wanted.type });
    res.writeHead(answer.status, {
      ...answer.headers,
      'Cache-Control': wanted.unchanging ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(answer.status === 304 ? {} : { 'Content-Length': answer.length }),
    });
    if (req.method === 'HEAD' || answer.length === 0) {
      res.end();
      return;
    }
    const note = noteOf(res);
    try {
      note.sent = await sendPieces(res, file, answer.pieces, transfers);
    } catch (error) {
      // The status has gone out; a client that hangs up in the middle is its own affair, and the record tells it.
      note.broken = true;
      note.why = error instanceof Error ? error.message : String(error);
    }
  } finally {
    await file.close();
  }
}

/** Repeated headers come joined, except those where only the first counts. */
function conditionsOf(headers: IncomingHttpHeaders): FileRequest {
  const names = ['range', 'if-range', 'if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since'] as const;
  const text = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(', ') : value);
  return Object.fromEntries(names.map((name) => [name, text(headers[name])])) as FileRequest;
}

function refusalOf(error: unknown, name: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'ENOENT' || code === 'ENOTDIR' ? new LunaError('not-found', `there is no file ${name}`) : error;
}
