import { addressAt, lastOffset } from './addresses.ts';
import type { Node } from './node.ts';
import type { Site } from './site.ts';

const FAMILIES = [{ reference: 'network', field: 'addresses' }, { reference: 'network6', field: 'addresses6' }] as const;

/** Where a node's addresses don't fit its group: it has one in every network of every interface, inside that network, and no other. */
export function* misfitsOf(site: Site, node: Node): Generator<string> {
  const interfaces = site.groups.get(node.group)?.interfaces ?? [];
  for (const { reference, field } of FAMILIES) {
    for (const id of Object.keys(node[field])) {
      if (!interfaces.some((one) => one.id === id && one[reference] !== null)) yield `node ${node.name} has an address on an interface that its group has not in that network`;
    }
    for (const one of interfaces) {
      const [network, offset] = [site.networks.get(one[reference] ?? ''), node[field][one.id]];
      if (!network) continue;
      if (offset === undefined) yield `node ${node.name} has no address in network ${network.name} on ${one.name}`;
      else if (BigInt(offset) < 1n || BigInt(offset) > lastOffset(network)) yield `${addressAt(network, offset)} of node ${node.name} lies outside network ${network.name}`;
    }
  }
}

/** The first misfit among the nodes that differ between two versions of a site, or whose group does; undefined when all fit. */
export function newMisfit(before: Site, after: Site): string | undefined {
  for (const node of after.nodes.values()) {
    const same = node === before.nodes.get(node._id) && after.groups.get(node.group) === before.groups.get(node.group);
    const [first] = same ? [] : misfitsOf(after, node);
    if (first !== undefined) return first;
  }
  return undefined;
}
