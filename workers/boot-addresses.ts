import { bootSettingsOf } from '../domain/boot-settings.ts';
import { cidrOf, reservedOffsets } from '../domain/ip-pool.ts';
import { type Ipv4, isIpv4 } from '../domain/ip.ts';
import { domainOf, interfacesOf, BMC } from '../domain/node-network.ts';
import type { Site } from '../domain/site.ts';
import type { Lookup, Reservation } from '../infra/boot/dhcp/deps.ts';
import { bootWishes } from './boot-wishes.ts';

/** What DHCP asks about a site, from memory. Rebuilt when the site changes. */
export interface AddressBook {
  lookup(mac: string, networkId: string): Lookup;
  isTaken(networkId: string, ip: Ipv4): boolean;
}

/** Indexes a site by MAC and by address; `alternate` tells which nodes are offered the other boot file. */
export function addressBook(site: Site, alternate: (nodeId: string) => boolean): AddressBook {
  const taken = takenAddresses(site);
  /** What was told before, by network and MAC: a storm asks for the same few thousand again and again. */
  const told = new Map<string, Map<string, Reservation>>();

  function reservation(mac: string, networkId: string): Lookup {
    const nodeId = site.macs.get(mac);
    const node = nodeId === undefined ? undefined : site.nodes.get(nodeId);
    if (node === undefined) return { kind: 'unknown' };
    const iface = interfacesOf(site, node).find((i) => i.name !== BMC && i.network?._id === networkId && i.ip !== null);
    if (iface?.ip == null) return { kind: 'unknown' };
    // Without any of its own a machine is told those of the network it asks from.
    const dns = iface.network?.dns.filter(isIpv4) ?? [];
    return {
      kind: 'reserved', ip: iface.ip, hostname: node.name, nodeId: node._id,
      routes: iface.routes, mtu: iface.mtu ?? iface.network?.mtu ?? null, search: iface.network?.search ?? [],
      gateway: iface.network?.gateway ?? null, ...(dns.length > 0 ? { dns } : {}), domain: domainOf(site, node),
      bootPath: alternate(node._id) ? 1 : 0, boot: bootWishes(bootSettingsOf(iface.network, site.groups.get(node.group) ?? null, node)),
    };
  }

  return {
    lookup(mac, networkId) {
      const ofNetwork = told.get(networkId);
      const before = ofNetwork?.get(mac);
      if (before !== undefined) return before;
      const found = reservation(mac, networkId);
      if (found.kind === 'reserved') told.set(networkId, (ofNetwork ?? new Map<string, Reservation>()).set(mac, found));
      return found;
    },
    isTaken: (networkId, ip) => taken(networkId).has(ip),
  };
}

const takenOf = new WeakMap<Site, (networkId: string) => ReadonlySet<Ipv4>>();

/** The declared addresses of each network; read once of each state of a site. */
function takenAddresses(site: Site): (networkId: string) => ReadonlySet<Ipv4> {
  const known = takenOf.get(site);
  if (known !== undefined) return known;
  const offsets = takenOffsets(site);
  const addresses = new Map<string, ReadonlySet<Ipv4>>();
  const of = (networkId: string): ReadonlySet<Ipv4> => {
    const before = addresses.get(networkId);
    if (before !== undefined) return before;
    const network = site.networks.get(networkId);
    const base = network === undefined ? 0 : cidrOf(network).base;
    const set = new Set([...offsets.get(networkId) ?? []].map((offset) => base + offset));
    addresses.set(networkId, set);
    return set;
  };
  takenOf.set(site, of);
  return of;
}

function takenOffsets(site: Site): Map<string, Set<number>> {
  const taken = new Map<string, Set<number>>();
  const take = (networkId: string, offset: number): void => {
    const offsets = taken.get(networkId) ?? new Set<number>();
    taken.set(networkId, offsets.add(offset));
  };
  for (const network of site.networks.values()) for (const offset of reservedOffsets(network, site.cluster).keys()) take(network._id, Number(offset));
  for (const { network, address } of site.switches.values()) take(network, Number(address));
  for (const { addresses } of site.otherdevs.values()) for (const [networkId, offset] of Object.entries(addresses)) take(networkId, offset);
  for (const node of site.nodes.values()) {
    for (const iface of site.groups.get(node.group)?.interfaces ?? []) {
      const offset = node.addresses[iface.id];
      if (iface.network !== null && offset !== undefined) take(iface.network, offset);
    }
  }
  return taken;
}
