import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { Caller } from '../../domain/role.ts';
import { isExpired } from '../../domain/token.ts';
import type { Documents } from './documents.ts';
import { HttpRefusal } from './http-refusal.ts';

/** Who may call: whoever can open the socket is root; by TCP whoever shows a token. `token` is the one in the token file. */
export type Access = { by: 'root' } | { by: 'token'; token: string };

/** Says who calls. Throws 401. */
export type Authenticate = (request: Request) => Promise<Caller>;

/** The hash by which a secret is known. It has 256 random bits, so nothing slower than SHA-256 is needed. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Root by the socket; by TCP the admin of the token file, or whom a token in the store names, with its role. */
export function authenticator(access: Access, tokens: Documents['tokens']): Authenticate {
  if (access.by === 'root') return () => Promise.resolve({ by: 'root', role: 'admin' });
  const filed = Buffer.from(hashOf(access.token));
  return async (request) => {
    const shown = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (shown === undefined) throw unknown('the token is missing');
    const hash = hashOf(shown);
    // Hashes are compared, in a time that tells nothing about where they differ.
    if (timingSafeEqual(Buffer.from(hash), filed)) return { by: 'token', role: 'admin' };
    const token = await tokens.byHash(hash);
    if (!token) throw unknown('the token is wrong or revoked');
    if (isExpired(token, Date.now())) throw unknown(`the token ${token._id} expired at ${token.expires ?? ''}`);
    return { by: token._id, role: token.role };
  };
}

function unknown(message: string): HttpRefusal {
  return new HttpRefusal(401, 'forbidden', message, { next: 'luna token add NAME --role ROLE, on the controller', headers: { 'WWW-Authenticate': 'Bearer realm="luna"' } });
}
