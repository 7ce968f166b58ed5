import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { RequestHandler } from 'express';
import { LunaError } from '../../domain/errors.ts';

/** The token that TCP callers must show: made at the first start, readable by its owner alone. */
export function readOrMakeToken(path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  chmodSync(path, 0o600);
  const token = readFileSync(path, 'utf8').trim();
  if (token.length < 16) throw new LunaError('invalid', `the token in ${path} is too short to protect anything`, `remove ${path} and start luna again`);
  return token;
}

/** Lets only callers through that show the token: `Authorization: Bearer TOKEN`. */
export function demandToken(token: string): RequestHandler {
  return (request, _response, next) => {
    const shown = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (shown === undefined || !same(shown, token)) {
      throw new LunaError('forbidden', 'the token is missing or wrong', "set LUNA_TOKEN_FILE to a copy of the controller's token file");
    }
    next();
  };
}

/** Compares in a time that tells nothing about where they differ, nor about their lengths. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
