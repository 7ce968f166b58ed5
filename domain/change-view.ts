import * as z from 'zod';
import { addressAt, type StoredOffset } from './addresses.ts';
import { MAP_OF } from './apply-changes.ts';
import { type Change, type Diff, OBJECT_KINDS } from './change.ts';
import type { GroupInterface } from './group.ts';
import { nameOf } from './object-views.ts';
import type { Site } from './site.ts';

/** A line of the history as people see it: names for ids, addresses for offsets, as far as they are still declared. */
export type ChangeView = Omit<Change, 'version'>;

/** The same for the API's description. */
export const changeViewSchema = z.object({
  _id: z.string(), at: z.string(), tx: z.string(), by: z.string(), kind: z.enum([...OBJECT_KINDS, 'mac', 'artefact']), id: z.string(), name: z.string(),
  rev: z.number().int().describe('-1: it was removed.'),
  diff: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])).describe('Fields before and after; what was made has null before, what was removed null after.'),
}).meta({ id: 'Change' }) satisfies z.ZodType<ChangeView>;

/** What `?dry_run=1` is answered with: the fields that would change, and what follows from that. */
export const trialSchema = z.object({
  diff: z.array(z.object({
    kind: z.enum([...OBJECT_KINDS, 'mac', 'artefact']),
    name: z.string(),
    op: z.enum(['add', 'change', 'remove']),
    diff: z.record(z.string(), z.tuple([z.unknown(), z.unknown()])),
  })),
  consequences: z.array(z.string()),
}).meta({ id: 'Trial' });
/** The same as a type. */
export type TrialView = z.infer<typeof trialSchema>;

/** What a field refers to, by its name. */
const REFERENCES: Record<string, 'osimages' | 'bmcsetups' | 'networks' | 'switches' | 'groups' | 'nodes'> = {
  osimage: 'osimages', bmcsetup: 'bmcsetups', domain: 'networks', network: 'networks', switch: 'switches', group: 'groups', node: 'nodes', dhcp_net: 'networks',
};

/** A line for people. */
export function changeView(site: Site, { version: _version, ...change }: Change): ChangeView {
  const diff: Diff = {};
  for (const [field, [before, after]] of Object.entries(change.diff)) {
    if (field === 'rev') continue;
    diff[field] = [valueView(site, change, field, before), valueView(site, change, field, after)];
  }
  return { ...change, diff };
}

function valueView(site: Site, { kind, id }: Pick<Change, 'kind' | 'id'>, field: string, value: unknown): unknown {
  if (value === null) return null;
  // A network's own `network` is its address.
  const reference = kind === 'network' ? undefined : REFERENCES[field];
  if (reference !== undefined && typeof value === 'string') return nameOf(site[reference], value);
  if (kind === 'node' && (field === 'addresses' || field === 'addresses6')) return addressViews(site, id, field, value as Record<string, StoredOffset>);
  if (kind === 'otherdev' && (field === 'addresses' || field === 'addresses6')) return deviceViews(site, value as Record<string, StoredOffset>);
  if (kind === 'group' && field === 'interfaces') return interfaceViews(site, value as GroupInterface[]);
  if (kind === 'group' && field === 'torrent_if') return site[MAP_OF.group].get(id)?.interfaces.find((one) => one.id === value)?.name ?? value;
  if (kind === 'switch' && field === 'address' && typeof value === 'number') return `+${value}`;
  return value;
}

function addressViews(site: Site, nodeId: string, field: 'addresses' | 'addresses6', addresses: Record<string, StoredOffset>): Record<string, string> {
  const interfaces = [...site.groups.values()].flatMap((group) => group.interfaces);
  const own = site.groups.get(site.nodes.get(nodeId)?.group ?? '')?.interfaces ?? [];
  return Object.fromEntries(Object.entries(addresses).map(([id, offset]) => {
    const found = own.find((one) => one.id === id) ?? interfaces.find((one) => one.id === id);
    const network = site.networks.get((field === 'addresses' ? found?.network : found?.network6) ?? '');
    return [found?.name ?? id, network ? addressAt(network, offset) : `+${offset}`];
  }));
}

function deviceViews(site: Site, addresses: Record<string, StoredOffset>): Record<string, string> {
  return Object.fromEntries(Object.entries(addresses).map(([id, offset]) => {
    const network = site.networks.get(id);
    return [network?.name ?? id, network ? addressAt(network, offset) : `+${offset}`];
  }));
}

function interfaceViews(site: Site, interfaces: readonly GroupInterface[]): Record<string, unknown> {
  return Object.fromEntries(interfaces.map(({ id: _id, name, network, network6, ...rest }) => [name, { network: nameOf(site.networks, network), network6: nameOf(site.networks, network6), ...rest }]));
}
