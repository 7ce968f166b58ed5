import { cidrOf } from '../domain/ip-pool.ts';
import { parseIpv4 } from '../domain/ip.ts';
import { domainOf, interfacesOf, BMC } from '../domain/node-network.ts';
import type { Site } from '../domain/site.ts';
import type { Lookup } from '../infra/boot/dhcp/deps.ts';

/** What DHCP asks about a site, from memory. Rebuilt when the site changes. */
export interface AddressBook {
  lookup(mac: string, networkId: string): Lookup;
  isTaken(networkId: string, ip: string): boolean;
}

/** Indexes a site by MAC and by address; `alternate` tells which nodes are offered the other boot file. */
export function addressBook(site: Site, alternate: (nodeId: string) => boolean): AddressBook {
  const taken = takenOffsets(site);
  return {
    lookup(mac, networkId) {
      const nodeId = site.macs.get(mac);
      const node = nodeId === undefined ? undefined : site.nodes.get(nodeId);
      if (node === undefined) return { kind: 'unknown' };
      const iface = interfacesOf(site, node).find((i) => i.name !== BMC && i.network?._id === networkId && i.ip !== null);
      if (iface?.ip == null) return { kind: 'unknown' };
      return {
        kind: 'reserved', ip: iface.ip, hostname: node.name, nodeId: node._id,
        gateway: iface.network?.gateway ?? null, dns: iface.network?.dns ?? [], domain: domainOf(site, node),
        bootPath: alternate(node._id) ? 'alternate' : 'usual',
      };
    },
    isTaken(networkId, ip) {
      const network = site.networks.get(networkId);
      return network !== undefined && (taken.get(networkId)?.has(parseIpv4(ip) - cidrOf(network).base) ?? false);
    },
  };
}

function takenOffsets(site: Site): Map<string, Set<number>> {
  const taken = new Map<string, Set<number>>();
  const take = (networkId: string, offset: number): void => {
    const offsets = taken.get(networkId) ?? new Set<number>();
    taken.set(networkId, offsets.add(offset));
  };
  for (const sw of site.switches.values()) take(sw.network, sw.address);
  for (const node of site.nodes.values()) {
    for (const iface of site.groups.get(node.group)?.interfaces ?? []) {
      const offset = node.addresses[iface.id];
      if (iface.network !== null && offset !== undefined) take(iface.network, offset);
    }
  }
  return taken;
}
