import { LunaError } from './errors.ts';
import type { Group, GroupInterface } from './group.ts';
import { addressAt, type StoredOffset } from './addresses.ts';
import type { Network } from './network.ts';
import type { Node } from './node.ts';
import type { Site } from './site.ts';

/** One interface of one node, with what its group says and the node's own address. */
export interface NodeInterface extends Omit<GroupInterface, 'network' | 'network6'> {
  network: Network | null;
  /** Dotted address; null without a network or without an address in it. */
  ip: string | null;
  network6: Network | null;
  ip6: string | null;
}

/** The NIC a node boots from. */
export const BOOTIF = 'BOOTIF';
/** The management controller, which is no NIC of the system. */
export const BMC = 'BMC';

/** The group of a node. Throws `not-found` when the documents don't agree. */
export function groupOf(site: Site, node: Node): Group {
  const group = site.groups.get(node.group);
  if (group === undefined) throw new LunaError('not-found', `node ${node.name} belongs to a group that is gone`, `luna node change ${node.name} --group GROUP`);
  return group;
}

/** Every interface of a node in its group's order. Throws `not-found` like `groupOf`. */
export function declaredInterfacesOf(site: Site, node: Node): NodeInterface[] {
  const networkOf = (id: string | null): Network | null => id === null ? null : site.networks.get(id) ?? null;
  return groupOf(site, node).interfaces.map((iface) => {
    const network = networkOf(iface.network);
    const network6 = networkOf(iface.network6);
    return { ...iface, network, ip: addressIn(network, node.addresses[iface.id]), network6, ip6: addressIn(network6, node.addresses6[iface.id]) };
  });
}

/** Every interface of a node, BOOTIF first and the BMC among them. */
export function interfacesOf(site: Site, node: Node): NodeInterface[] {
  return declaredInterfacesOf(site, node).sort((a, b) => Number(b.name === BOOTIF) - Number(a.name === BOOTIF));
}

/** The interface of that name, or null. */
export function interfaceOf(site: Site, node: Node, name: string): NodeInterface | null {
  return interfacesOf(site, node).find((one) => one.name === name) ?? null;
}

/** The DNS domain of a node: the name of its group's domain network; empty when there is none. */
export function domainOf(site: Site, node: Node): string {
  const domain = groupOf(site, node).domain;
  return domain === null ? '' : site.networks.get(domain)?.name ?? '';
}

/** `node001.cluster`, or the bare name of a node without a domain. */
export function hostnameOf(site: Site, node: Node): string {
  const domain = domainOf(site, node);
  return domain === '' ? node.name : `${node.name}.${domain}`;
}

/** The base URL of the node-facing services. Throws `conflict` while no frontend address is set. */
export function frontendUrl(site: Site): string {
  const scheme = site.cluster?.frontend_https === true ? 'https' : 'http';
  return `${scheme}://${frontendAddress(site)}:${site.cluster?.frontend_port ?? 0}`;
}

/** The controller's address as nodes know it. Throws `conflict` while none is set. */
export function frontendAddress(site: Site): string {
  const address = site.cluster?.frontend_address ?? null;
  if (address === null) throw new LunaError('conflict', 'the cluster has no frontend address', 'luna cluster change --frontend_address IP');
  return address;
}

function addressIn(network: Network | null, offset: StoredOffset | undefined): string | null {
  return network === null || offset === undefined ? null : addressAt(network, offset);
}
