import * as z from 'zod';
import { IPXE_VARIANTS } from './boot-files.ts';
import { type DhcpOptions, dhcpOptionsSchema } from './dhcp-options.ts';
import { LunaError } from './errors.ts';
import type { Group } from './group.ts';
import type { Network } from './network.ts';
import type { Node } from './node.ts';

/** What firmware loads instead of iPXE: a file of the TFTP server, or a URL for firmware that boots by HTTP. */
export const bootfileSchema = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'a boot file is a name or a URL of up to 255 characters, without spaces');

/** What a network, a group or a node may say of how machines boot: the node's word counts before its group's, that before the network's. */
export const bootSettings = {
  bootfile: bootfileSchema.nullable().default(null),
  /** Which iPXE firmware is given first; null: undionly or snponly, whichever fits. */
  ipxe: z.enum(IPXE_VARIANTS).nullable().default(null),
  /** DHCP options beside luna's own, or instead of them. */
  dhcp_options: dhcpOptionsSchema.default({}),
};
export interface BootSettings extends Pick<Network, keyof typeof bootSettings> { dhcp_options: DhcpOptions }

/** The same in a request: options are given one by one, and null takes one out. */
export const bootSettingChanges = {
  bootfile: bootfileSchema.nullable().optional(),
  ipxe: z.enum(IPXE_VARIANTS).nullable().optional(),
  dhcp_options: z.record(z.string(), z.string().nullable()).optional(),
};

/** The options after a change. Throws LunaError `invalid` for one that is none. */
export function changedOptions(before: DhcpOptions, changes: Readonly<Record<string, string | null>> | undefined): { dhcp_options: DhcpOptions } | Record<string, never> {
  if (changes === undefined) return {};
  const wanted = Object.entries({ ...before, ...changes }).filter((one): one is [string, string] => one[1] !== null);
  const checked = dhcpOptionsSchema.safeParse(Object.fromEntries(wanted));
  if (!checked.success) throw new LunaError('invalid', checked.error.issues[0]?.message ?? 'these are no DHCP options', 'luna node change --help');
  return { dhcp_options: checked.data };
}

/** One setting in force, and who says so: `node`, `group compute`, `network cluster`. */
export interface EffectiveSetting { setting: string; value: string; from: string }

/** What is in force for a node on a network; null stands for what is not known or not there. */
export function effectiveBoot(network: Network | null, group: Group | null, node: Node | null): EffectiveSetting[] {
  const said = [{ from: `network ${network?.name ?? ''}`, says: network }, { from: `group ${group?.name ?? ''}`, says: group }, { from: 'node', says: node }];
  const found = new Map<string, EffectiveSetting>();
  for (const { from, says } of said) {
    if (says === null) continue;
    const set = (setting: string, value: string | null): void => { if (value !== null) found.set(setting, { setting, value, from }); };
    set('bootfile', says.bootfile);
    set('ipxe', says.ipxe);
    for (const [code, value] of Object.entries(says.dhcp_options)) set(`option ${code}`, value);
  }
  return [...found.values()];
}

/** The settings in force by themselves. */
export function bootSettingsOf(network: Network | null, group: Group | null, node: Node | null): BootSettings {
  const layers = [network, group, node].filter((one) => one !== null);
  return {
    bootfile: layers.findLast((one) => one.bootfile !== null)?.bootfile ?? null,
    ipxe: layers.findLast((one) => one.ipxe !== null)?.ipxe ?? null,
    dhcp_options: Object.assign({}, ...layers.map((one) => one.dhcp_options)) as DhcpOptions,
  };
}
