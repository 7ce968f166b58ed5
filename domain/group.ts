import * as z from 'zod';
import { bootSettings } from './boot-settings.ts';
import { mtuSchema } from './network.ts';
import { nameSchema, scriptSchema, storedSchema } from './objects.ts';

/** Luna 1's default: the system lives in memory. */
export const DEFAULT_PARTSCRIPT = 'mount -t tmpfs tmpfs /sysroot';
export const DEFAULT_POSTSCRIPT = "cat << EOF >> /sysroot/etc/fstab\ntmpfs / tmpfs defaults 0 0\nEOF";

/** Linux's names of bonding modes; the number in brackets of `bonding.txt` is their place. */
export const BOND_MODES = ['balance-rr', 'active-backup', 'balance-xor', 'broadcast', '802.3ad', 'balance-tlb', 'balance-alb'] as const;

/** A static route: to a network or `default`, by a next hop. */
export const routeSchema = z.object({ to: z.string(), via: z.string(), metric: z.number().int().min(0).max(2 ** 32 - 1).nullable().default(null) });

/** How an interface differs from a plain NIC with a static address. Parents and members are names of interfaces or NICs. */
export const interfaceSettings = {
  /** null: the network's. */
  mtu: mtuSchema.nullable(),
  vlan: z.object({ id: z.number().int().min(1).max(4094), parent: nameSchema }).nullable(),
  bond: z.object({ mode: z.enum(BOND_MODES), members: z.array(nameSchema).min(1).max(16) }).nullable(),
  /** Its addresses come by DHCP once the system is installed. */
  dhcp: z.boolean(),
};

/** An interface of every node of a group. `BOOTIF` is the NIC it booted from, `BMC` its management controller. */
export const groupInterfaceSchema = z.object({
  id: z.string(),
  name: nameSchema,
  /** Network id for IPv4, or null. */
  network: z.string().nullable().default(null),
  /** Network id for IPv6, or null. */
  network6: z.string().nullable().default(null),
  /** Extra lines for the interface's configuration. */
  params: z.string().default(''),
  /** Another name by which it may be named: what Luna 1 called the NIC that became BOOTIF. */
  alias: nameSchema.optional(),
  mtu: interfaceSettings.mtu.default(null),
  vlan: interfaceSettings.vlan.default(null),
  bond: interfaceSettings.bond.default(null),
  routes: z.array(routeSchema).default([]),
  dhcp: interfaceSettings.dhcp.default(false),
});
export type GroupInterface = z.infer<typeof groupInterfaceSchema>;

/** once: installs when asked, otherwise boots its disk. always: every network boot installs. */
export const BOOT_POLICIES = ['once', 'always'] as const;
export type BootPolicy = (typeof BOOT_POLICIES)[number];

/** What nodes have in common (luna-1 §2.8). References are ids. */
export const groupSchema = storedSchema.extend({
  osimage: z.string(),
  bmcsetup: z.string().nullable().default(null),
  /** The network whose name is the DNS domain. */
  domain: z.string().nullable().default(null),
  interfaces: z.array(groupInterfaceSchema).default([]),
  prescript: scriptSchema.default(''),
  partscript: scriptSchema.default(DEFAULT_PARTSCRIPT),
  postscript: scriptSchema.default(DEFAULT_POSTSCRIPT),
  torrent_if: z.string().nullable().default(null),
  /** null: `always` while the partscript makes /sysroot a tmpfs or ramfs, `once` otherwise. */
  boot_policy: z.enum(BOOT_POLICIES).nullable().default(null),
  /** auto: the agent installs a boot loader when /sysroot is on a disk and the postscript left none. */
  bootloader: z.enum(['auto', 'none']).default('auto'),
  /** How often an agent's row is tried before the run closes as failed. */
  attempts: z.number().int().min(1).max(10).default(2),
  ...bootSettings,
});
export type Group = z.infer<typeof groupSchema>;

/** The policy in force. */
export function bootPolicyOf(group: Group): BootPolicy {
  if (group.boot_policy !== null) return group.boot_policy;
  return /mount\s+(-\S+\s+)*-t\s*(tmpfs|ramfs)\b/.test(group.partscript) ? 'always' : 'once';
}
