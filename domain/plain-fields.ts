import * as z from 'zod';

/** A field as a person may write it: what has a default may be left out. */
export type Written<F> = F extends z.ZodDefault<infer Inner> ? z.ZodOptional<Inner> : F;

/** What a stored object has besides what is declared of it. */
type Bookkeeping = '_id' | 'name' | 'rev';

/**
 * The fields of a stored object that are written as they are stored: neither its bookkeeping nor what `special` names,
 * which is references and addresses.
 */
export function plainFields<S extends z.ZodRawShape, const K extends keyof S>(
  schema: z.ZodObject<S>, special: readonly K[],
): { [F in Exclude<keyof S, K | Bookkeeping>]: Written<S[F]> } {
  const apart = new Set<PropertyKey>(['_id', 'name', 'rev', ...special]);
  const fields = Object.entries(schema.shape).filter(([name]) => !apart.has(name)).map(([name, field]) => [name, written(field as z.ZodType)]);
  return Object.fromEntries(fields) as { [F in Exclude<keyof S, K | Bookkeeping>]: Written<S[F]> };
}

/** The values that fields have when nothing is said, by name. */
export function defaultsOf(schema: z.ZodObject, names: Iterable<string>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of names) {
    const field: unknown = schema.shape[name];
    if (field instanceof z.ZodDefault) found[name] = field.parse(undefined);
  }
  return found;
}

function written(field: z.ZodType): z.ZodType {
  return field instanceof z.ZodDefault ? z.optional(field.unwrap() as z.ZodType) : field;
}
