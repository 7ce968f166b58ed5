import { addressAt, type StoredOffset } from './addresses.ts';
import { BOOTIF } from './node-network.ts';
import type { Network } from './network.ts';
import type { Site } from './site.ts';
import { type InterfaceNames, namesOfInterfaces } from './zone-names.ts';

/** An address with its names. */
export interface Member {
  /** The network it lies in. */
  network: Network;
  address: string;
  /** Its name in each zone that has it; the first is the one its reverse record tells. */
  names: MemberName[];
  /** For messages: `node node001`. */
  whose: string;
}

/** `zone`: the network whose name the zone has. `alias`: a further name, where no other object has it. */
export interface MemberName { zone: Network; name: string; alias: string | null }

/** Every declared address that has a name: nodes', switches', other devices', and those set aside with a host name. */
export function* membersOf(site: Site): Iterable<Member> {
  yield* nodeMembers(site);
  for (const { name, network, address } of site.switches.values()) yield* member(site, network, address, name, `switch ${name}`);
  for (const { name, addresses, addresses6 } of site.otherdevs.values()) {
    for (const [network, offset] of Object.entries({ ...addresses, ...addresses6 })) yield* member(site, network, offset, name, `otherdev ${name}`);
  }
  for (const { _id, name: network, reserved } of site.networks.values()) {
    for (const { offset, name } of reserved) {
      // The word beside a reserved address may also be a remark.
      if (name !== null && /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name)) yield* member(site, _id, offset, name, `address reserved in network ${network}`);
    }
  }
}

function* member(site: Site, networkId: string, offset: StoredOffset, name: string, whose: string): Iterable<Member> {
  const network = site.networks.get(networkId);
  if (network !== undefined) yield { network, address: addressAt(network, offset), names: [{ zone: network, name, alias: null }], whose };
}

/**
 * A node's card with addresses of both families is found by its IPv4 network's name under both; the name of the IPv6
 * network tells the IPv6 address alone.
 */
function* nodeMembers(site: Site): Iterable<Member> {
  const naming = new Map([...site.groups].map(([id, group]) => [id, namesOfInterfaces(bootFirst(group.interfaces))]));
  for (const node of site.nodes.values()) {
    const whose = `node ${node.name}`;
    for (const one of naming.get(node.group) ?? []) {
      const [network, network6] = [site.networks.get(one.network ?? ''), site.networks.get(one.network6 ?? '')];
      const [offset, offset6] = [node.addresses[one.id], node.addresses6[one.id]];
      const names = network === undefined || offset === undefined ? [] : [nodeName(node.name, network, one)];
      if (network !== undefined && offset !== undefined) yield { network, address: addressAt(network, offset), names, whose };
      if (network6 === undefined || offset6 === undefined) continue;
      yield { network: network6, address: addressAt(network6, offset6), names: [...names, nodeName(node.name, network6, one)], whose };
    }
  }
}

function nodeName(node: string, zone: Network, names: InterfaceNames): MemberName {
  const { suffix, bare } = names.in.get(zone._id) ?? { suffix: '', bare: false };
  return { zone, name: node + suffix, alias: bare ? node : null };
}

function bootFirst<T extends { name: string }>(interfaces: readonly T[]): T[] {
  return [...interfaces].sort((a, b) => Number(b.name === BOOTIF) - Number(a.name === BOOTIF));
}
