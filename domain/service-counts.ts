import * as z from 'zod';

/** What one service of luna did since its process began. */
export const serviceCountsSchema = z.object({
  service: z.string(),
  /** Packets or requests by their kind and what became of them, most frequent first. */
  received: z.array(z.object({ kind: z.string(), result: z.string(), count: z.number() })),
  /** Payload bytes sent. */
  bytes: z.number(),
  /** The mean of all answers and transfers, in seconds; null before the first. */
  seconds: z.number().nullable(),
  /** Values now: `transfers`, `addresses_used`. */
  now: z.record(z.string(), z.number()),
});
export type ServiceCounts = z.infer<typeof serviceCountsSchema>;
