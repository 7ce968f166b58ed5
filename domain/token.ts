import * as z from 'zod';
import { LunaError } from './errors.ts';
import { nameSchema } from './objects.ts';
import { ROLES } from './role.ts';

/** Names in the history that are nobody's token. */
const RESERVED = ['root', 'token'];

/** A token as it is stored: never its secret. `_id` is its name, so that no two have the same. */
export interface Token {
  _id: string;
  /** SHA-256 of the secret, hex. */
  hash: string;
  role: (typeof ROLES)[number];
  /** ISO 8601; null: never. */
  expires: string | null;
  created: string;
  /** Who made it. */
  by: string;
}

/** `POST /tokens`. `expires`: a time, or how long from now (`30d`, `12h`, `8w`); null is never. */
export const newTokenSchema = z.strictObject({
  name: nameSchema.refine((name) => !RESERVED.includes(name), `must not be ${RESERVED.join(' or ')}`),
  role: z.enum(ROLES),
  expires: z.string().nullable().optional(),
});

/** What people see of a token. */
export const tokenViewSchema = z.object({
  name: z.string(),
  role: z.enum(ROLES),
  created: z.string(),
  expires: z.string().nullable(),
  expired: z.boolean(),
  by: z.string(),
}).meta({ id: 'Token' });
export type TokenView = z.infer<typeof tokenViewSchema>;

/** A token that was just made, with the secret that is never shown again. */
export const madeTokenSchema = tokenViewSchema.extend({ secret: z.string() }).meta({ id: 'MadeToken' });
export type MadeToken = z.infer<typeof madeTokenSchema>;

/** What people see of a token at a time (ms since 1970). */
export function tokenView({ _id, hash: _hash, ...token }: Token, now: number): TokenView {
  return { name: _id, ...token, expired: isExpired(token, now) };
}

/** Whether its time is over. */
export function isExpired({ expires }: Pick<Token, 'expires'>, now: number): boolean {
  return expires !== null && Date.parse(expires) <= now;
}

const UNITS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000, y: 31_536_000_000 };

/** When a token ends that is made now (ms since 1970). Throws LunaError `invalid` for words that say no time to come. */
export function expiryOf(text: string, now: number): string {
  const [, count, unit] = /^([1-9]\d{0,4})([mhdwy])$/.exec(text) ?? [];
  const at = count !== undefined && unit !== undefined ? now + Number(count) * (UNITS[unit] ?? 0) : /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (!(at > now)) throw new LunaError('invalid', `expires: ${text} is no time to come; write 30d, 12h or 2030-01-31`, 'luna token add NAME --role ROLE --expires 30d');
  return new Date(at).toISOString();
}
