import type { Request, Response } from 'express';
import { HttpRefusal } from './http-refusal.ts';

/** The entity tag of a revision. */
export const etag = (rev: number): string => `"${rev}"`;

/** Tells the revision of the object that is sent. */
export function tellRevision(response: Response, object: object | undefined): void {
  if (object && 'rev' in object && typeof object.rev === 'number') response.set('ETag', etag(object.rev));
}

/**
 * The revision that the sender says he has seen (`If-Match: "3"`); undefined when he says nothing or `*`.
 * Throws 400 for what can't be an entity tag of ours.
 */
export function revisionSeen(request: Request): number | undefined {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '*') return undefined;
  const rev = /^"(\d{1,15})"$/.exec(header.trim())?.[1];
  if (rev === undefined) throw new HttpRefusal(400, 'invalid', `If-Match: ${header.slice(0, 40)} is no entity tag that was told here; it looks like "3"`);
  return Number(rev);
}
