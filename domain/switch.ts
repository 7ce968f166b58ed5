import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** Q-BRIDGE dot1qTpFdbPort (RFC 4363): the forwarding table per VLAN, Luna 1's default. */
export const Q_BRIDGE_FDB = '.1.3.6.1.2.1.17.7.1.2.2.1.2';
/** BRIDGE dot1dTpFdbPort (RFC 4188). */
export const BRIDGE_FDB = '.1.3.6.1.2.1.17.4.3.1.2';

/** A managed switch whose forwarding table tells which MAC stands on which port. Its community is a secret, kept apart. */
export const switchSchema = storedSchema.extend({
  network: z.string(),
  /** Offset of its address in the network: a number, a decimal string in an IPv6 network. */
  address: z.union([z.number().int().min(1), z.string().regex(/^[1-9]\d{0,38}$/)]),
  oid: z.string().regex(/^\.?[0-9]+(\.[0-9]+)*$/).default(Q_BRIDGE_FDB),
  snmp_port: z.number().int().min(1).max(65535).default(161),
});
export type Switch = z.infer<typeof switchSchema>;
