import * as z from 'zod';
import { bmcsetupSchema } from './bmcsetup.ts';
import { OBJECT_KINDS } from './change.ts';
import { clusterSchema } from './cluster.ts';
import { groupInterfaceSchema, groupSchema } from './group.ts';
import { networkSchema } from './network.ts';
import { NETWORK_STYLES } from './network-style.ts';
import { nodeSchema } from './node.ts';
import { otherdevSchema } from './otherdev.ts';
import { osimageSchema } from './osimage.ts';
import { RUN_STATUS } from './provision.ts';
import { STAGES } from './stages.ts';
import { switchSchema } from './switch.ts';

// What the API shows of an object: references are names, offsets are addresses, and there is never a secret. From these
// schemas come the types that the CLI sees and the API's OpenAPI document.

const addressRange = z.object({ start: z.string(), end: z.string() });

/** `dhcp_net`: a network's name. */
export const clusterViewSchema = clusterSchema.omit({ _id: true }).meta({ id: 'Cluster' });
export type ClusterView = z.infer<typeof clusterViewSchema>;

export const bmcsetupViewSchema = bmcsetupSchema.omit({ _id: true }).meta({ id: 'Bmcsetup' });
export type BmcsetupView = z.infer<typeof bmcsetupViewSchema>;

/** `dhcp_start`, `dhcp_end`: addresses, null when the upper quarter is meant; `reserved`: addresses set aside. */
export const networkViewSchema = networkSchema.omit({ _id: true }).extend({
  version: z.union([z.literal(4), z.literal(6)]),
  reserved: z.array(z.object({ ip: z.string(), name: z.string().nullable() })),
  dhcp_start: z.string().nullable(),
  dhcp_end: z.string().nullable(),
}).meta({ id: 'Network' });
export type NetworkView = z.infer<typeof networkViewSchema>;

/** `why`: what a network or the cluster keeps the address for; `dynamic`: the range for unknown machines, null where there is none. */
export const networkAddressesViewSchema = z.object({
  members: z.array(z.object({ ip: z.string(), kind: z.enum(OBJECT_KINDS), name: z.string(), why: z.string().nullable() })),
  dynamic: addressRange.nullable(),
  free: z.array(addressRange),
}).meta({ id: 'NetworkAddresses' });
export type NetworkAddressesView = z.infer<typeof networkAddressesViewSchema>;

/** A kernel of an image. `current`: nodes will run it; `installed`: it is in the tree. */
export const kernelViewSchema = z.object({ kernver: z.string(), current: z.boolean(), installed: z.boolean() }).meta({ id: 'Kernel' });
export type KernelView = z.infer<typeof kernelViewSchema>;

/** `network`: its name; `ip`: the switch's address there. */
export const switchViewSchema = switchSchema.omit({ _id: true, address: true }).extend({ ip: z.string() }).meta({ id: 'Switch' });
export type SwitchView = z.infer<typeof switchViewSchema>;

/** `connected`: where it stands; `network` is a name. */
export const otherdevViewSchema = otherdevSchema.omit({ _id: true, addresses: true, addresses6: true }).extend({
  connected: z.array(z.object({ network: z.string(), ip: z.string() })),
}).meta({ id: 'Otherdev' });
export type OtherdevView = z.infer<typeof otherdevViewSchema>;

/**
 * `current`: id of the packed version in use; `packed`: when that was packed, null when it never was; `network_style`: what
 * configures its network, null when that isn't known.
 */
export const osimageViewSchema = osimageSchema.omit({ _id: true }).extend({ packed: z.string().nullable(), network_style: z.enum(NETWORK_STYLES).nullable() }).meta({ id: 'Osimage' });
export type OsimageView = z.infer<typeof osimageViewSchema>;

/** `network`, `network6`: names; `address`: `10.30.0.0/16`, `address6`: `fd00:10::/64`; null when the interface has none. */
export const groupInterfaceViewSchema = groupInterfaceSchema.omit({ id: true }).extend({ address: z.string().nullable(), address6: z.string().nullable() }).meta({ id: 'GroupInterface' });
export type GroupInterfaceView = z.infer<typeof groupInterfaceViewSchema>;

export const groupViewSchema = groupSchema.omit({ _id: true }).extend({ interfaces: z.array(groupInterfaceViewSchema) }).meta({ id: 'Group' });
export type GroupView = z.infer<typeof groupViewSchema>;

/** An interface of a node: its addresses and the prefixes of its networks, null when it has none. */
export const nodeInterfaceViewSchema = z.object({
  name: z.string(),
  network: z.string().nullable(),
  ip: z.string().nullable(),
  prefix: z.number().int().nullable(),
  network6: z.string().nullable(),
  ip6: z.string().nullable(),
  prefix6: z.number().int().nullable(),
}).meta({ id: 'NodeInterface' });
export type NodeInterfaceView = z.infer<typeof nodeInterfaceViewSchema>;

/** The newest run of a node: how it stands, its stage, and Luna 1's word for that. */
export const nodeRunViewSchema = z.object({
  run: z.enum(RUN_STATUS),
  stage: z.enum(STAGES),
  luna1: z.string().nullable(),
  at: z.string(),
}).meta({ id: 'NodeRun' });

/** `macs`: those bound to the node, lower case; `osimage`: its group's; `status`: null when it was never provisioned; `boot`: what is said of how it boots, by itself, its group or its network. */
export const nodeViewSchema = nodeSchema.omit({ _id: true, addresses: true, addresses6: true }).extend({
  hostname: z.string(),
  osimage: z.string().nullable(),
  macs: z.array(z.string()),
  interfaces: z.array(nodeInterfaceViewSchema),
  status: nodeRunViewSchema.nullable(),
  boot: z.array(z.object({ setting: z.string(), value: z.string(), from: z.string() })),
}).meta({ id: 'Node' });
export type NodeView = z.infer<typeof nodeViewSchema>;

/** A MAC on a switch port. `portname`: ifName, null where the switch has none; `confport`: it is the port its node is declared on. */
export const switchMacViewSchema = z.object({
  switch: z.string(),
  port: z.number().int(),
  portname: z.string().nullable(),
  mac: z.string(),
  confport: z.boolean(),
  node: z.string().nullable(),
}).meta({ id: 'SwitchMac' });
export type SwitchMacView = z.infer<typeof switchMacViewSchema>;

/** A machine that fits no node; `network` is a name. */
export const unknownViewSchema = z.object({
  mac: z.string(),
  network: z.string(),
  ip: z.string().nullable(),
  /** DHCP option 93 (RFC 4578). */
  arch: z.number().int().nullable(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  where: z.string().nullable(),
}).meta({ id: 'Unknown' });
export type UnknownView = z.infer<typeof unknownViewSchema>;
