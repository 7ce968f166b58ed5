import * as z from 'zod';
import type { ZonesView } from './zone.ts';

const zone = z.object({
  name: z.string(),
  direction: z.enum(['forward', 'reverse']),
  nameserver: z.string(),
  records: z.array(z.object({ name: z.string(), type: z.enum(['A', 'AAAA', 'PTR', 'CNAME', 'NS']), value: z.string() })),
  include: z.string(),
  strict: z.boolean(),
}).meta({ id: 'Zone' });

/** The site's DNS zones as the API shows them. */
export const zonesViewSchema = z.object({ changedAt: z.string(), zones: z.array(zone), warnings: z.array(z.string()) }) satisfies z.ZodType<ZonesView>;
