import * as z from 'zod';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

const address = z.ipv4().nullable().optional();

/** `POST /networks`. `network` may be any address in it; `dhcp_*` are addresses. */
export const newNetworkSchema = z.strictObject({
  name: nameSchema,
  network: z.ipv4(),
  prefix: z.number().int().min(1).max(30),
  gateway: address,
  dns: z.array(z.ipv4()).optional(),
  ns_hostname: z.string().min(1).nullable().optional(),
  ns_ip: address,
  provision: z.boolean().nullable().optional(),
  dhcp_start: address,
  dhcp_end: address,
  comment: z.string().optional(),
});
export type NewNetwork = z.infer<typeof newNetworkSchema>;

/** `PATCH /networks/:name`. */
export const networkChangesSchema = newNetworkSchema.partial().extend({ rev: revisionOf });
export type NetworkChanges = z.infer<typeof networkChangesSchema>;
