import { interfacesOf, BMC } from './node-network.ts';
import type { Node } from './node.ts';
import type { Site } from './site.ts';

/** The addresses at which a node itself is heard, v4 and v6; those of its BMC are not among them. */
export function addressesOf(site: Site, node: Node): string[] {
  return interfacesOf(site, node).filter(({ name }) => name !== BMC).flatMap(({ ip, ip6 }) => [ip, ip6].filter((one) => one !== null));
}

/** Every name under which boot records may know a node: its MACs, its addresses, its id. */
export function machineNames(site: Site, node: Node): string[] {
  return [...site.macsOf.get(node._id) ?? [], ...addressesOf(site, node), node._id];
}

const indexes = new WeakMap<Site, ReadonlyMap<string, string>>();

/** The node with this address; null when it is nobody's. The first call for a site reads all its nodes. */
export function nodeWithAddress(site: Site, ip: string): string | null {
  let index = indexes.get(site);
  if (index === undefined) {
    index = new Map([...site.nodes.values()].flatMap((node) => addressesOf(site, node).map((address) => [address, node._id] as const)));
    indexes.set(site, index);
  }
  return index.get(ip) ?? null;
}
