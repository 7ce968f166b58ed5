import * as z from 'zod';
import { domainSchema, hostNameSchema, ipSchema } from '../address-schema.ts';
import { bootSettingChanges } from '../boot-settings.ts';
import { DHCP_MODES, mtuSchema, zoneTextSchema } from '../network.ts';
import { nameSchema } from '../objects.ts';
import { revisionOf } from './revision.ts';

const address = ipSchema.nullable().optional();
const shape = {
  name: nameSchema,
  /** Any address in it, IPv4 or IPv6. */
  network: ipSchema,
  prefix: z.number().int().min(1).max(126),
  gateway: address,
  dns: z.array(ipSchema).max(16).optional(),
  search: z.array(domainSchema).max(32).optional(),
  mtu: mtuSchema.nullable().optional(),
  ns_hostname: hostNameSchema.nullable().optional(),
  /** Absent: the last address a member may have. null: none. */
  ns_ip: address,
  include: zoneTextSchema.optional(),
  rev_include: zoneTextSchema.optional(),
  provision: z.boolean().nullable().optional(),
  /** Addresses. */
  dhcp_start: z.ipv4().nullable().optional(),
  dhcp_end: z.ipv4().nullable().optional(),
  dhcp: z.enum(DHCP_MODES).optional(),
  ignore_unknown: z.boolean().optional(),
  ...bootSettingChanges,
  comment: z.string().optional(),
};
/** Addresses to set aside; a range is `10.30.0.7-10.30.0.9`. */
const reserve = z.array(z.strictObject({ ip: z.string(), name: z.string().max(255).nullable().optional() })).max(4096).optional();

/** `POST /networks`; `dhcp_*` are addresses. */
export const newNetworkSchema = z.strictObject({ ...shape, reserve })
  .refine(({ network, prefix }) => network.includes(':') || prefix <= 30, { path: ['prefix'], message: 'an IPv4 network has a prefix of 1–30' });
export type NewNetwork = z.infer<typeof newNetworkSchema>;

/** `PATCH /networks/:name`. `release` gives back what was set aside. */
export const networkChangesSchema = z.strictObject(shape).partial().extend({ rev: revisionOf, reserve, release: z.array(z.string()).max(4096).optional() });
export type NetworkChanges = z.infer<typeof networkChangesSchema>;
