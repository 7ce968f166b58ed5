import { offsetOf, stored } from './addresses.ts';
import { addressesOf } from './site-claims.ts';
import type { Group } from './group.ts';
import { lowestFree } from './ip-pool.ts';
import type { Mac } from './mac.ts';
import { type NodeDeclaration, unfoldNodes } from './node-declaration.ts';
import { type Node, nodeSchema } from './node.ts';
import { keptAddresses } from './regroup.ts';
import { type Draft, settled } from './site-draft.ts';
import type { ReadSiteFile } from './site-file.ts';

/** What all keys of the file together say of a node, and the last of these keys. */
interface Merged { declared: NodeDeclaration; path: string[] }

/** Nodes with their addresses: those written, those they have, and for the rest the lowest free ones. */
export function placeNodes(draft: Draft, file: ReadSiteFile): void {
  const merged = merge(draft, file);
  for (const [name, { declared, path }] of merged) placeNode(draft, name, declared, path);
  regroup(draft, merged);
  draft.site.nodesByName = new Map([...draft.site.nodes.values()].map((node) => [node.name, node]));
  bindMacs(draft, merged);
  if (draft.problems.found.length === 0) allocate(draft);
}

function merge(draft: Draft, file: ReadSiteFile): Map<string, Merged> {
  const merged = new Map<string, Merged>();
  for (const [key, entry] of Object.entries(file.nodes ?? {})) {
    const path = ['nodes', key];
    const nodes = draft.problems.check(path, () => unfoldNodes(key, entry, (below, error) => { draft.problems.addError([...path, ...below], error); }));
    for (const [name, next] of nodes ?? []) {
      const earlier = merged.get(name)?.declared;
      const declared = earlier === undefined ? next : {
        ...earlier, ...next,
        shared: { ...earlier.shared, ...next.shared },
        addresses: { ...earlier.addresses, ...next.addresses },
        addresses6: { ...earlier.addresses6, ...next.addresses6 },
      };
      merged.set(name, { declared, path });
    }
  }
  return merged;
}

function placeNode(draft: Draft, name: string, { shared, port }: NodeDeclaration, path: string[]): void {
  const { group, switch: switchName, ...plain } = shared as { group?: string; switch?: string | null };
  if (group === undefined) {
    draft.problems.add(path, `the group of node ${name} is missing`);
    return;
  }
  const groupId = draft.idOf('group', group, [...path, 'group']);
  if (groupId === null) return;
  const { addresses = {}, addresses6 = {} } = draft.named<Node>('node', name) ?? {};
  draft.put<Node>('node', nodeSchema, name, { ...plain, group: groupId, switch: draft.idOf('switch', switchName, [...path, 'switch']), port: port ?? null, addresses, addresses6 }, path);
}

/** Addresses of nodes as their groups want them now, those written first. */
function regroup(draft: Draft, merged: ReadonlyMap<string, Merged>): void {
  const { site, before } = draft;
  for (const node of [...site.nodes.values()]) {
    const group = site.groups.get(node.group);
    const old = before.nodes.get(node._id);
    const from = old && before.groups.get(old.group);
    const { declared, path = draft.placeOf('node', node) } = merged.get(node.name) ?? {};
    if (!group || (from === group && declared === undefined)) continue;
    let next = node;
    for (const family of FAMILIES) {
      const { network, field } = family;
      const addresses: Record<string, number | string> = { ...from === group ? node[field] : keptAddresses<number | string>(from?.interfaces ?? [], group.interfaces, old?.[field] ?? {}, network) };
      for (const [iface, ip] of Object.entries(declared?.[field] ?? {})) setAddress(draft, group, addresses, family, [...path, field, iface], ip);
      next = { ...next, [field]: addresses };
    }
    replaceNode(draft, next);
  }
}

/** Where a group's interface says its network, and a node its address there. */
const FAMILIES = [{ network: 'network', field: 'addresses' }, { network: 'network6', field: 'addresses6' }] as const;

function setAddress(draft: Draft, group: Group, addresses: Record<string, number | string>, family: (typeof FAMILIES)[number], path: string[], ip: string): void {
  const name = path.at(-1) ?? '';
  const iface = group.interfaces.find((one) => one.name === name);
  const network = draft.site.networks.get(iface?.[family.network] ?? '');
  if (!iface || !network) {
    if (draft.unread.size === 0) draft.problems.add(path, `interface ${name} of group ${group.name} ${iface ? `has no ${family.network}` : 'does not exist'}`);
    return;
  }
  const offset = draft.problems.check(path, () => offsetOf(network, ip));
  if (offset !== undefined) addresses[iface.id] = stored(network, offset);
}

/** Gives every interface without an address the lowest free one, nodes in the order of the file. */
function allocate(draft: Draft): void {
  const { site } = draft;
  const wanting = new Map<string, { nodeId: string; field: (typeof FAMILIES)[number]['field']; iface: string }[]>();
  for (const node of site.nodes.values()) {
    for (const iface of site.groups.get(node.group)?.interfaces ?? []) {
      for (const { network, field } of FAMILIES) {
        const networkId = iface[network];
        if (networkId === null || node[field][iface.id] !== undefined) continue;
        const there = wanting.get(networkId) ?? [];
        there.push({ nodeId: node._id, field, iface: iface.id });
        wanting.set(networkId, there);
      }
    }
  }
  if (wanting.size === 0) return;
  const taken = takenOffsets(site);
  for (const [networkId, places] of wanting) {
    const network = site.networks.get(networkId);
    if (!network) continue;
    const offsets = draft.problems.check(draft.placeOf('network', network), () => lowestFree(network, site.cluster, taken.get(networkId) ?? new Set(), places.length)) ?? [];
    places.forEach(({ nodeId, field, iface }, i) => {
      const node = site.nodes.get(nodeId);
      if (node && offsets[i] !== undefined) replaceNode(draft, { ...node, [field]: { ...node[field], [iface]: stored(network, offsets[i]) } });
    });
  }
}

/** The offsets that somebody has, by network. */
function takenOffsets(site: Draft['site']): Map<string, Set<bigint>> {
  const taken = new Map<string, Set<bigint>>();
  for (const { id } of addressesOf(site)) {
    const [, networkId = '', offset = '0'] = id.split('/');
    const there = taken.get(networkId);
    if (there) there.add(BigInt(offset));
    else taken.set(networkId, new Set([BigInt(offset)]));
  }
  return taken;
}

/** Binds what is written; a MAC that somebody else has, and keeps, is refused. */
function bindMacs(draft: Draft, merged: ReadonlyMap<string, Merged>): void {
  const { site, before } = draft;
  const macsOf = new Map<string, Mac[]>();
  for (const node of site.nodes.values()) {
    const { declared } = merged.get(node.name) ?? {};
    const macs = declared?.macs ?? before.macsOf.get(node._id) ?? [];
    if (macs.length > 0) macsOf.set(node._id, [...macs].sort());
  }
  const owners = new Map<Mac, string>();
  for (const [nodeId, macs] of macsOf) {
    for (const mac of macs) {
      const other = site.nodes.get(owners.get(mac) ?? '');
      const node = site.nodes.get(nodeId);
      if (other && node) draft.problems.add(draft.placeOf('node', node), `${mac} of node ${node.name} is bound to node ${other.name}`);
      owners.set(mac, nodeId);
    }
  }
  site.macs = owners;
  site.macsOf = macsOf;
}

function replaceNode(draft: Draft, node: Node): void {
  draft.site.nodes.set(node._id, settled(nodeSchema, draft.before.nodes.get(node._id), node));
}
