import * as z from 'zod';
import { type Problem } from '../../domain/errors.ts';

/** Of the body of every refusal. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  revision: z.number().int().optional().describe('The present revision, when the sender knew an older one.'),
  error: z.object({
    code: z.enum(['invalid', 'not-found', 'conflict', 'taken', 'in-use', 'forbidden', 'unavailable']),
    message: z.string(),
    next: z.string().optional().describe('The next command to type.'),
  }),
}).meta({ id: 'Problem' }) satisfies z.ZodType<Problem>;
