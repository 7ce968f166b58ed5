import * as z from 'zod';
import { LunaError } from '../../domain/errors.ts';

/**
 * Parses what was sent. Throws LunaError `invalid` that names every wrong field and why, and for an unknown field those
 * that are known.
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw new LunaError('invalid', parsed.error.issues.map((issue) => describe(schema, issue)).join('; '));
}

function describe(schema: z.ZodType, issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, issue.path);
    const where = path === '' ? '' : ` of ${path}`;
    const list = known.length === 0 ? '' : `; known are ${known.join(', ')}`;
    return `unknown field${issue.keys.length === 1 ? '' : 's'}${where}: ${issue.keys.join(', ')}${list}`;
  }
  if (issue.code === 'invalid_type' && issue.input === undefined && /received undefined$/.test(issue.message)) return `${path || 'the body'} is missing`;
  return `${path || 'the body'}: ${issue.message.replace(/^Invalid input: /, '')}`;
}

/** The fields of the object that `path` leads to; none when it is no plain object. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const [first, ...rest] = path;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return fieldsAt(schema.unwrap() as z.ZodType, path);
  if (!(schema instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(schema.shape);
  const inner: unknown = schema.shape[String(first)];
  return inner instanceof z.ZodType ? fieldsAt(inner, rest) : [];
}
