import * as z from 'zod';
import { ROLES } from './role.ts';

/** One line of who did what: every change and every refused one, whoever came without a right to, and who looked at secrets. Never a body. */
export const auditLineSchema = z.object({
  at: z.string(),
  by: z.string().nullable().describe('root, or the name of a token; null when none was known.'),
  role: z.enum(ROLES).nullable(),
  method: z.string(),
  path: z.string(),
  status: z.number().int(),
  reason: z.string().describe('Why it was refused; empty otherwise.'),
  from: z.string().describe('The address it came from; unix for the socket.'),
}).meta({ id: 'AuditLine' });
export type AuditLine = z.infer<typeof auditLineSchema>;

/** As it is stored; `_id` sorts by time and is what a page begins after. */
export const auditRecordSchema = auditLineSchema.extend({ _id: z.string() }).meta({ id: 'AuditRecord' });
export type AuditRecord = z.infer<typeof auditRecordSchema>;
