import * as z from 'zod';
import { bootSettings } from './boot-settings.ts';
import { storedSchema } from './objects.ts';

/** A machine (luna-1 §2.9). Its MACs are claims (`mac/…`), not fields; everything else is inherited from its group. */
export const nodeSchema = storedSchema.extend({
  group: z.string(),
  /** Interface id → offset of its address in that interface's network. */
  addresses: z.record(z.string(), z.number().int().min(1)).default({}),
  /** The same in IPv6 networks: decimal strings. */
  addresses6: z.record(z.string(), z.string().regex(/^[1-9]\d{0,38}$/)).default({}),
  switch: z.string().nullable().default(null),
  /** Port number, or its name (ifName). */
  port: z.string().nullable().default(null),
  localboot: z.boolean().default(false),
  setupbmc: z.boolean().default(true),
  service: z.boolean().default(false),
  ...bootSettings,
});
export type Node = z.infer<typeof nodeSchema>;
