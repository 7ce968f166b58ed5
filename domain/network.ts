import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** A network: addresses of its members are stored relative to its base, so a change of base renumbers them all. */
export const networkSchema = storedSchema.extend({
  network: z.ipv4(),
  prefix: z.number().int().min(1).max(30),
  gateway: z.ipv4().nullable().default(null),
  dns: z.array(z.ipv4()).default([]),
  /** Zone's name server: host name and address (luna-1 §2.5). */
  ns_hostname: z.string().nullable().default(null),
  ns_ip: z.ipv4().nullable().default(null),
  /** Boot services answer here. null: yes when the frontend address lies in this network. */
  provision: z.boolean().nullable().default(null),
  /** Dynamic range for machines without a reservation, as offsets from the base. null: the upper quarter. */
  dhcp_start: z.number().int().nullable().default(null),
  dhcp_end: z.number().int().nullable().default(null),
});
export type Network = z.infer<typeof networkSchema>;
