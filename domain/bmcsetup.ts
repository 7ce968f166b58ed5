import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** How to reach and set up BMCs (luna-1 §2.4). The password is a secret, kept apart from this document. */
export const bmcsetupSchema = storedSchema.extend({
  user: z.string().min(1).max(16).default('ladmin'),
  userid: z.number().int().min(1).max(63).default(3),
  netchannel: z.number().int().min(0).max(15).default(1),
  mgmtchannel: z.number().int().min(0).max(15).default(1),
  /** IPMI 2.0 cipher suite (table 22-20): 17 on current BMCs, 3 on older ones and simulators. */
  cipher: z.number().int().min(0).max(17).default(17),
});
export type Bmcsetup = z.infer<typeof bmcsetupSchema>;
