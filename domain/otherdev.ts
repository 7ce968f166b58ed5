import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** A device that only needs names and addresses (luna-1 §2.7), such as a PDU; it may stand in several networks. */
export const otherdevSchema = storedSchema.extend({
  /** Network id → offset of its address there. */
  addresses: z.record(z.string(), z.number().int().min(1)).default({}),
  /** The same in IPv6 networks: decimal strings. */
  addresses6: z.record(z.string(), z.string().regex(/^[1-9]\d{0,38}$/)).default({}),
});
export type Otherdev = z.infer<typeof otherdevSchema>;
