import * as z from 'zod';
import { domainSchema, hostNameSchema } from './address-schema.ts';
import { bootSettings } from './boot-settings.ts';
import { storedSchema } from './objects.ts';

const address = z.union([z.ipv4(), z.ipv6()]);
/** An offset from the base: a number in an IPv4 network, a decimal string in an IPv6 one. */
const offset = z.union([z.number().int().min(1), z.string().regex(/^[1-9]\d{0,38}$/)]);

/** Bytes of an Ethernet frame's payload: 68 is IPv4's least (RFC 791), 65535 the greatest a packet can be. */
export const mtuSchema = z.number().int().min(68).max(65535);

/** What DHCP does in a network where boot services answer. */
export const DHCP_MODES = ['serve', 'proxy', 'off'] as const;
export type DhcpMode = (typeof DHCP_MODES)[number];

/** Zone text as an administrator wrote it. */
export const zoneTextSchema = z.string().max(256_000);

/** A network, IPv4 or IPv6: addresses of its members are stored relative to its base, so a change of base renumbers them all. */
export const networkSchema = storedSchema.extend({
  network: address,
  /** 1–30, or 1–126 of IPv6. */
  prefix: z.number().int().min(1).max(126),
  gateway: address.nullable().default(null),
  dns: z.array(address).default([]),
  /** Domains that names without a dot are looked up in, after the node's own. */
  search: z.array(domainSchema).default([]),
  /** null: the interface's own, else the NIC's default. */
  mtu: mtuSchema.nullable().default(null),
  /** Zone's name server: host name and address (luna-1 §2.5). */
  ns_hostname: hostNameSchema.nullable().default(null),
  ns_ip: address.nullable().default(null),
  /** Raw text appended to the forward and to the reverse zone. */
  include: zoneTextSchema.default(''),
  rev_include: zoneTextSchema.default(''),
  /** Addresses set aside, with a word on what for. */
  reserved: z.array(z.object({ offset, name: z.string().max(255).nullable() })).default([]),
  /** Boot services answer here. null: yes when the frontend address lies in this network. */
  provision: z.boolean().nullable().default(null),
  /** Dynamic range for machines without a reservation, as offsets from the base of an IPv4 network. null: the upper quarter. */
  dhcp_start: z.number().int().nullable().default(null),
  dhcp_end: z.number().int().nullable().default(null),
  /** serve: addresses and boot files; proxy: boot files alone, beside a DHCP server of another make; off: no DHCP. */
  dhcp: z.enum(DHCP_MODES).default('serve'),
  /** Whether machines that are no node's are answered nothing. */
  ignore_unknown: z.boolean().default(false),
  ...bootSettings,
});
export type Network = z.infer<typeof networkSchema>;
