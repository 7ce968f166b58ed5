import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { auditRecordSchema } from '../../../domain/audit.ts';
import { LunaError } from '../../../domain/errors.ts';
import { ROLES } from '../../../domain/role.ts';
import { expiryOf, type MadeToken, madeTokenSchema, newTokenSchema, type Token, tokenView, tokenViewSchema } from '../../../domain/token.ts';
import { hashOf } from '../authenticate.ts';
import { linkNext, pageFields } from '../page.ts';
import { type Route, route } from '../route.ts';

const tag = 'access' as const;

/** A page of the audit when nothing else is asked. */
const AUDIT_PAGE = 100;

/** Tokens, the key of the secrets, and who did what. */
export const accessRoutes: Route[] = [
  route({
    method: 'get', path: '/whoami', id: 'showCaller', tag, role: 'viewer',
    summary: 'Show who the caller is',
    answer: { status: 200, schema: z.object({ by: z.string(), role: z.enum(ROLES) }) },
    handle: ({ caller }) => caller,
  }),
  route({
    method: 'get', path: '/tokens', id: 'listTokens', tag, role: 'admin',
    summary: 'List tokens, the expired too, without their secrets',
    answer: { status: 200, schema: z.array(tokenViewSchema) },
    async handle({ deps: { documents } }) {
      return (await documents.tokens.all()).map((token) => tokenView(token, Date.now()));
    },
  }),
  route({
    method: 'post', path: '/tokens', id: 'addToken', tag, role: 'admin',
    summary: 'Make a token',
    description: 'The answer holds its secret, once: only its hash is kept. `expires` is a time, or how long from now (30d, 12h).',
    body: newTokenSchema,
    answer: { status: 201, schema: madeTokenSchema },
    rehearse: ({ body: { name, role, expires = null } }) => [`A token ${name} with the role ${role} is made; it ${expires === null ? 'does not expire' : `expires at ${expiryOf(expires, Date.now())}`}.`],
    async handle({ deps: { documents }, body: { name, role, expires = null }, caller }): Promise<MadeToken> {
      const now = Date.now();
      const secret = `luna_${randomBytes(32).toString('base64url')}`;
      const token: Token = {
        _id: name, hash: hashOf(secret), role, expires: expires === null ? null : expiryOf(expires, now), created: new Date(now).toISOString(), by: caller.by,
      };
      await documents.tokens.add(token);
      return { ...tokenView(token, now), secret };
    },
  }),
  route({
    method: 'delete', path: '/tokens/{name}', id: 'revokeToken', tag, role: 'admin',
    summary: 'Revoke a token, at once',
    answer: { status: 204 },
    rehearse: ({ param }) => [`Whoever calls with token ${param('name')} is refused from then on.`],
    async handle({ deps: { documents }, param }) {
      if (!await documents.tokens.remove(param('name'))) throw new LunaError('not-found', `there is no token named ${param('name')}`, 'luna token list');
    },
  }),
  route({
    method: 'get', path: '/certificate', id: 'showCertificate', tag, role: 'viewer',
    summary: 'Show the certificate of the API, and the fingerprint by which others know it',
    answer: { status: 200, schema: z.object({ fingerprint: z.string().describe('SHA-256: AB:CD:…'), expires: z.string(), certificate: z.string().describe('PEM.') }) },
    handle: ({ deps: { tls: { fingerprint, expires, cert } } }) => ({ fingerprint, expires, certificate: cert }),
  }),
  route({
    method: 'post', path: '/secrets/rotate', id: 'rotateSecretsKey', tag, role: 'admin',
    summary: 'Seal every secret with a new key',
    description: 'The old key is forgotten: backups of the database from before need the key file from before.',
    answer: { status: 200, schema: z.object({ sealed: z.number().int() }) },
    rehearse: () => ['Every secret is sealed with a new key; backups from before need the key file from before.'],
    handle: ({ deps: { documents }, caller }) => documents.rotateSecretsKey(caller.by),
  }),
  route({
    method: 'get', path: '/audit', id: 'listAudit', tag, role: 'admin', paged: true,
    summary: 'Show who did what, newest first',
    description: 'Every change and every refused one, reads by those who may not, and reads of secrets. The newest 100000 lines are kept.',
    query: z.strictObject({
      ...pageFields,
      refused: z.literal('1').optional().describe('Refused calls alone.'),
      by: z.string().min(1).max(200).optional().describe('Calls of this one alone.'),
    }),
    answer: { status: 200, schema: z.array(auditRecordSchema) },
    async handle({ deps: { documents }, query: { limit = AUDIT_PAGE, ...asked }, request, response }) {
      const lines = await documents.audit.newest({ ...asked, limit });
      const last = lines.at(-1);
      if (last !== undefined && lines.length === limit) linkNext({ request, response }, last._id);
      return lines;
    },
  }),
];
