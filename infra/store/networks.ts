import type { Cluster } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import { formatIpv4 } from '../../domain/ip.ts';
import { cidrOf, lastOffset, moved, offsetOf, rangeKeptFree, refuseOverlap } from '../../domain/ip-pool.ts';
import { type Network, networkSchema } from '../../domain/network.ts';
import type { NetworkChanges, NewNetwork } from '../../domain/requests/network.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { addressClaims } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { given } from './given.ts';
import { findObjects, identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';
import { reserveAddresses } from './reservations.ts';

/** Declares a network and reserves its gateway, name server and, if it lies there, the frontend address. */
export function addNetwork(store: Store, wanted: NewNetwork, by: string): Promise<Network> {
  return changeObjects(store, by, async (tx) => {
    const network = withOffsets(networkSchema.parse({ ...identity(), ...given(wanted), dhcp_start: null, dhcp_end: null, ...base(wanted) }), wanted);
    refuseOverlap(network, await findObjects(tx, 'network'));
    refuseOddRange(network);
    await insertObject(tx, 'network', network);
    await reserveAddresses(tx, network, await clusterWithin(tx));
    return network;
  });
}

/**
 * Changes a network. A new base moves every member, the gateway and the name server with it; a longer prefix or a new
 * dynamic range is refused (`in-use`) when it leaves a member outside or takes its address.
 */
export function changeNetwork(store: Store, name: string, { rev, ...changes }: NetworkChanges, by: string): Promise<Network> {
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'network', name);
    const { dhcp_start, dhcp_end, ...plain } = given(changes);
    const moving = { ...before, ...plain };
    const placed = { ...moving, ...base(moving) };
    const shifted = {
      gateway: moved(before.gateway, cidrOf(before), cidrOf(placed)),
      ns_ip: moved(before.ns_ip, cidrOf(before), cidrOf(placed)),
    };
    const after = withOffsets({ ...placed, ...shifted, ...plain, ...base(moving) }, { dhcp_start, dhcp_end });
    refuseOverlap(after, await findObjects(tx, 'network'));
    refuseOddRange(after);
    const cluster = await clusterWithin(tx);
    await refuseLosing(tx, before, after, cluster);
    const network = await replaceObject(tx, 'network', before, after, rev);
    await reserveAddresses(tx, network, cluster);
    return network;
  });
}

/** Removes a network; refused while a group or a switch uses it. */
export function removeNetwork(store: Store, name: string, by: string): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const network = await objectNamed(tx, 'network', name);
    await refuseWhileUsed(tx, 'network', network);
    await reserveAddresses(tx, { ...network, gateway: null, ns_ip: null }, null);
    await removeObject(tx, 'network', network);
  });
}

/** Any address of a network names it. */
function base(network: Pick<Network, 'network' | 'prefix'>): { network: string } {
  return { network: formatIpv4(cidrOf(network).base) };
}

/** The dynamic range as it is stored: relative, so that it moves with the network. */
function withOffsets(network: Network, range: { dhcp_start?: string | null | undefined; dhcp_end?: string | null | undefined }): Network {
  const offset = (ip: string | null | undefined, before: number | null): number | null => {
    if (ip === undefined) return before;
    return ip === null ? null : offsetOf(network, ip);
  };
  return { ...network, dhcp_start: offset(range.dhcp_start, network.dhcp_start), dhcp_end: offset(range.dhcp_end, network.dhcp_end) };
}

/** Throws LunaError `invalid` for a range that is half declared, reversed or outside, and for special addresses outside. */
function refuseOddRange(network: Network): void {
  const { dhcp_start: start, dhcp_end: end, name } = network;
  if ((start === null) !== (end === null)) throw new LunaError('invalid', `network ${name}: dhcp_start and dhcp_end go together`);
  if (start !== null && end !== null && (start > end || end > lastOffset(network))) {
    throw new LunaError('invalid', `network ${name}: the dynamic range ends before it starts or leaves the network`, `luna network show ${name}`);
  }
  for (const ip of [network.gateway, network.ns_ip]) if (ip !== null) offsetOf(network, ip);
}

async function refuseLosing(tx: Tx, before: Network, after: Network, cluster: Cluster | null): Promise<void> {
  const range = rangeKeptFree(after, cluster);
  const same = before.dhcp_start === after.dhcp_start && before.dhcp_end === after.dhcp_end;
  const members = (await addressClaims(tx.store, tx.session, before._id)).filter(({ owner }) => /^(node|switch)\//.test(owner));
  for (const { offset } of members) {
    const address = formatIpv4(cidrOf(before).base + offset);
    if (offset > lastOffset(after)) throw new LunaError('in-use', `network ${after.name}: ${address} is in use and would lie outside`);
    if (!same && range && offset >= range.start && offset <= range.end) {
      throw new LunaError('in-use', `network ${after.name}: ${address} is in use and lies in the dynamic range asked for`);
    }
  }
}
