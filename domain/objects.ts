import * as z from 'zod';

/** `node001`, `compute`, `switch01`: letters, digits, dash, underscore, dot; starts with a letter or digit. */
export const nameSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'a name is 1–63 letters, digits, dots, dashes or underscores');

/** Fields every stored object carries: an immutable id, a name people see, a revision for compare-and-set. */
export const storedSchema = z.object({ _id: z.string(), name: nameSchema, rev: z.number().int().min(0), comment: z.string().default('') });

/** Text that ends up in a shell script or kernel command line on the node. */
export const scriptSchema = z.string().max(256_000);
