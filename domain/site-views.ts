import * as z from 'zod';
import { OBJECT_KINDS } from './change.ts';
import type { SiteChange } from './site-changes.ts';

/** What differs of one object. */
export const siteChangeSchema = z.object({
  kind: z.enum(OBJECT_KINDS),
  name: z.string(),
  op: z.enum(['add', 'change', 'remove']),
  diff: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
}).meta({ id: 'SiteChange' }) satisfies z.ZodType<SiteChange>;

/** What a site file changes, or would, and then what follows from it. */
export const siteAnswerSchema = z.object({ changes: z.array(siteChangeSchema), consequences: z.array(z.string()).optional() });
