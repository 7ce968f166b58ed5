import type { GroupInterface } from './group.ts';
import { formatIpv4, parseIpv4 } from './ip.ts';
import type { Network } from './network.ts';
import type { Node } from './node.ts';
import type { Site } from './site.ts';

/** Interfaces with a meaning of their own: the NIC a node booted from, and its management controller. */
export const BOOTIF = 'BOOTIF';
export const BMC = 'BMC';

/** An address of a node on one of its group's interfaces. */
export interface NodeAddress {
  iface: GroupInterface;
  network: Network;
  address: string;
}

/** A member's address from its offset. */
export function addressAt(network: Network, offset: number): string {
  return formatIpv4(parseIpv4(network.network) + offset);
}

/** Every address that a node has, in the order of its group's interfaces. */
export function nodeAddresses(site: Site, node: Node): NodeAddress[] {
  const group = site.groups.get(node.group);
  return (group?.interfaces ?? []).flatMap((iface) => {
    const network = iface.network === null ? undefined : site.networks.get(iface.network);
    const offset = node.addresses[iface.id];
    return network === undefined || offset === undefined ? [] : [{ iface, network, address: addressAt(network, offset) }];
  });
}

/** A node's address on the interface of that name, or null. */
export function nodeAddress(site: Site, node: Node, ifaceName: string): NodeAddress | null {
  return nodeAddresses(site, node).find((a) => a.iface.name === ifaceName) ?? null;
}

/** The address a node boots and installs with: that of BOOTIF, else of its first interface that is no BMC (luna-1 §3.1). */
export function bootAddress(site: Site, node: Node): NodeAddress | null {
  return nodeAddress(site, node, BOOTIF) ?? nodeAddresses(site, node).find((a) => a.iface.name !== BMC) ?? null;
}
