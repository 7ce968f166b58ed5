import { bmcsetupSchema } from './bmcsetup.ts';
import { clusterSchema } from './cluster.ts';
import { offsetOf, stored } from './addresses.ts';
import { type Network, networkSchema } from './network.ts';
import { type Osimage, osimageSchema } from './osimage.ts';
import { type Draft, SECTION_OF, settled } from './site-draft.ts';
import type { ReadSiteFile } from './site-file.ts';
import { expandHostlist } from './hostlist.ts';
import { otherdevSchema } from './otherdev.ts';
import { formatIp, parseIp, subnetAround } from './subnet.ts';
import { switchSchema } from './switch.ts';

/** Takes out what sections of the file don't name; a section that is absent says nothing about its kind. */
export function prune(draft: Draft, file: ReadSiteFile): void {
  for (const [kind, section] of Object.entries(SECTION_OF) as [keyof typeof SECTION_OF, (typeof SECTION_OF)[keyof typeof SECTION_OF]][]) {
    const entries = file[section];
    if (entries === undefined) continue;
    const named = new Set(kind === 'node' ? Object.keys(entries).flatMap((key) => draft.problems.check(['nodes', key], () => expandHostlist(key)) ?? []) : Object.keys(entries));
    for (const object of [...draft.all(kind).values()]) if (!named.has(object.name)) draft.remove(kind, object);
  }
}

/** The cluster and the networks, which all addresses depend on. */
export function placeNetworks(draft: Draft, file: ReadSiteFile): void {
  for (const [name, { network, dhcp_start, dhcp_end, reserved = [], ...plain }] of Object.entries(file.networks ?? {})) {
    const path = ['networks', name];
    const cidr = draft.problems.check([...path, 'network'], () => {
      const [address = '', length = ''] = network.split('/');
      const { version, base, prefix } = subnetAround(parseIp(address), Number(length));
      return { network: formatIp({ version, value: base }), prefix };
    });
    if (!cidr) continue;
    const offset = (ip: string | undefined, field: string): number | null =>
      ip === undefined ? null : draft.problems.check([...path, field], () => Number(offsetOf({ name, ...cidr }, ip))) ?? null;
    const aside = reserved.flatMap(({ ip, name: why }) => {
      const at = draft.problems.check([...path, 'reserved'], () => offsetOf({ name, ...cidr }, ip));
      return at === undefined ? [] : [{ offset: stored(cidr, at), name: why ?? null }];
    });
    const placed = { ...cidr, ...plain, reserved: aside, dhcp_start: offset(dhcp_start, 'dhcp_start'), dhcp_end: offset(dhcp_end, 'dhcp_end') };
    draft.put<Network>('network', networkSchema, name, placed, path);
  }
  if (!file.cluster) return;
  const old = draft.before.cluster ?? undefined;
  const dhcp_net = draft.idOf('network', file.cluster.dhcp_net, ['cluster', 'dhcp_net']);
  const cluster = clusterSchema.parse({ ...file.cluster, dhcp_net, _id: old?._id ?? draft.newId(), name: old?.name ?? 'general', rev: old?.rev ?? 0 });
  draft.site.cluster = settled(clusterSchema, old, cluster);
}

/** Images, bmcsetups, switches and other devices. */
export function placeOthers(draft: Draft, file: ReadSiteFile): void {
  for (const [name, osimage] of Object.entries(file.osimages ?? {})) {
    // What is packed is no declaration: it stays.
    const current = draft.named<Osimage>('osimage', name)?.current ?? null;
    draft.put<Osimage>('osimage', osimageSchema, name, { ...osimage, current }, ['osimages', name]);
  }
  for (const [name, { password, ...plain }] of Object.entries(file.bmcsetups ?? {})) {
    const isNew = draft.named('bmcsetup', name) === undefined;
    const setup = draft.put('bmcsetup', bmcsetupSchema, name, plain, ['bmcsetups', name]);
    addSecret(draft, 'bmcsetup', setup, password ?? (isNew ? DEFAULT_PASSWORD : undefined));
  }
  for (const [name, { network: networkName, ip, read, ...plain }] of Object.entries(file.switches ?? {})) {
    const path = ['switches', name];
    const network = draft.named<Network>('network', networkName);
    draft.idOf('network', networkName, [...path, 'network']);
    const address = network && draft.problems.check([...path, 'ip'], () => stored(network, offsetOf(network, ip)));
    if (!network || address === undefined) continue;
    const isNew = draft.named('switch', name) === undefined;
    const found = draft.put('switch', switchSchema, name, { ...plain, network: network._id, address }, path);
    addSecret(draft, 'switch', found, read ?? (isNew ? DEFAULT_COMMUNITY : undefined));
  }
  placeOtherdevs(draft, file);
}

function placeOtherdevs(draft: Draft, file: ReadSiteFile): void {
  for (const [name, { addresses: written = {}, ...plain }] of Object.entries(file.otherdevs ?? {})) {
    const path = ['otherdevs', name];
    const addresses: Record<string, number> = {};
    const addresses6: Record<string, string> = {};
    for (const [networkName, ip] of Object.entries(written)) {
      const network = draft.named<Network>('network', networkName);
      draft.idOf('network', networkName, [...path, 'addresses', networkName]);
      const offset = network && draft.problems.check([...path, 'addresses', networkName], () => stored(network, offsetOf(network, ip)));
      if (network && typeof offset === 'number') addresses[network._id] = offset;
      if (network && typeof offset === 'string') addresses6[network._id] = offset;
    }
    draft.put('otherdev', otherdevSchema, name, { ...plain, addresses, addresses6 }, path);
  }
}

/** Luna 1's password of a bmcsetup and read community of a switch when none is given (luna-1 §1.3, §1.7). */
const DEFAULT_PASSWORD = 'ladmin';
const DEFAULT_COMMUNITY = 'public';

function addSecret(draft: Draft, kind: 'bmcsetup' | 'switch', object: { _id: string; name: string } | undefined, value: string | undefined): void {
  if (object && value !== undefined) draft.secrets.push({ kind, id: object._id, name: object.name, value });
}
