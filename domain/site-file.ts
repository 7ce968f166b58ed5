import * as z from 'zod';
import { ipSchema } from './address-schema.ts';
import { bmcsetupSchema } from './bmcsetup.ts';
import { clusterSchema } from './cluster.ts';
import { groupInterfaceSchema, groupSchema } from './group.ts';
import { isMac, parseMac } from './mac.ts';
import { networkSchema } from './network.ts';
import { nodeSchema } from './node.ts';
import { nameSchema } from './objects.ts';
import { osimageSchema } from './osimage.ts';
import { otherdevSchema } from './otherdev.ts';
import { plainFields } from './plain-fields.ts';
import { switchSchema } from './switch.ts';
import { treePathSchema } from './tree-path.ts';

/** The version of the form; a file says which one it is in. */
export const SITE_FILE_VERSION = 2;

const address = z.ipv4();
const reference = nameSchema;
const mac = z.string().refine(isMac, 'must be a MAC address such as 52:54:00:ab:cd:01').transform(parseMac);
const macs = z.union([mac, z.array(mac)]);
/** One value per node: as many as the key has names, written as a hostlist (`10.30.0.[1-72]`) or as a list. */
const perNode = z.union([z.string().min(1), z.number().int().transform(String), z.array(z.union([z.string().min(1), z.number().int().transform(String)]))]);

/** Fields of stored objects that the file writes in another form than they are stored in. */
export const SPECIAL = {
  cluster: ['dhcp_net'],
  network: ['network', 'prefix', 'reserved', 'dhcp_start', 'dhcp_end'],
  osimage: ['current'],
  switch: ['network', 'address'],
  otherdev: ['addresses', 'addresses6'],
  group: ['osimage', 'bmcsetup', 'domain', 'interfaces', 'torrent_if'],
  interface: ['id', 'name', 'network', 'network6'],
  node: ['group', 'addresses', 'addresses6', 'switch', 'port'],
} as const;

const cluster = z.strictObject({ ...plainFields(clusterSchema, SPECIAL.cluster), dhcp_net: reference.optional() });
const network = z.strictObject({
  network: z.string().regex(/^[^/]+\/\d+$/, 'must be an address and a prefix such as 10.30.0.0/16'),
  ...plainFields(networkSchema, SPECIAL.network),
  dhcp_start: address.optional(),
  dhcp_end: address.optional(),
  reserved: z.array(z.strictObject({ ip: ipSchema, name: z.string().max(255).optional() })).optional(),
});
const osimage = z.strictObject({ ...plainFields(osimageSchema, SPECIAL.osimage), path: treePathSchema });
const bmcsetup = z.strictObject({ ...plainFields(bmcsetupSchema, []), password: z.string().min(1).max(20).optional() });
const managedSwitch = z.strictObject({
  network: reference,
  ip: ipSchema,
  ...plainFields(switchSchema, SPECIAL.switch),
  read: z.string().min(1).max(255).optional(),
});
const otherdev = z.strictObject({ addresses: z.record(nameSchema, ipSchema).optional(), ...plainFields(otherdevSchema, SPECIAL.otherdev) });
const groupInterface = z.strictObject({ network: reference.optional(), network6: reference.optional(), ...plainFields(groupInterfaceSchema, SPECIAL.interface) });
const group = z.strictObject({
  osimage: reference,
  bmcsetup: reference.optional(),
  domain: reference.optional(),
  interfaces: z.record(nameSchema, groupInterface).optional(),
  torrent_if: nameSchema.optional(),
  ...plainFields(groupSchema, SPECIAL.group),
});
const nodes = z.strictObject({
  group: reference.optional(),
  switch: reference.nullable().optional(),
  port: perNode.optional(),
  addresses: z.record(nameSchema, perNode).optional(),
  addresses6: z.record(nameSchema, perNode).optional(),
  mac: macs.optional(),
  macs: z.record(nameSchema, macs).optional(),
  ...plainFields(nodeSchema, SPECIAL.node),
});

/**
 * A whole site as one file: kinds as maps by name, references as names, addresses as addresses. What is left out of an
 * object has its default, but for secrets, MACs and addresses: about these the file may be silent, and then they stay.
 * The keys of `nodes` are hostlists; a later key overrides an earlier one.
 */
export const siteFileSchema = z.strictObject({
  luna: z.literal(SITE_FILE_VERSION),
  cluster: cluster.optional(),
  networks: z.record(nameSchema, network).optional(),
  osimages: z.record(nameSchema, osimage).optional(),
  bmcsetups: z.record(nameSchema, bmcsetup).optional(),
  switches: z.record(nameSchema, managedSwitch).optional(),
  otherdevs: z.record(nameSchema, otherdev).optional(),
  groups: z.record(nameSchema, group).optional(),
  nodes: z.record(z.string(), nodes).optional(),
});

/** As it is written. */
export type SiteFile = z.input<typeof siteFileSchema>;
/** As it is read. */
export type ReadSiteFile = z.output<typeof siteFileSchema>;
/** What one key of `nodes` says. */
export type NodesEntry = z.output<typeof nodes>;
/** The kinds that the file has by name. */
export type SiteSection = Exclude<keyof SiteFile, 'luna' | 'cluster'>;
