import { addressAt, lastOffset, refuseOverlap } from '../../domain/addresses.ts';
import type { Cluster } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import { rangeKeptFree, within } from '../../domain/ip-pool.ts';
import { changedNetwork, newNetwork } from '../../domain/network-rules.ts';
import { type Network, networkSchema } from '../../domain/network.ts';
import { withMovedRoutes, withMovedServers } from '../../domain/renumber.ts';
import type { NetworkChanges, NewNetwork } from '../../domain/requests/network.ts';
import { subnetOf } from '../../domain/subnet.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { addressClaims } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { findObjects, identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';
import { reserveAddresses } from './reservations.ts';

/** Declares a network and reserves its gateway, its name server, what is set aside and, if it lies there, the frontend address. */
export function addNetwork(store: Store, wanted: NewNetwork, by: string): Promise<Network> {
  return changeObjects(store, by, async (tx) => {
    const { name, network: base, prefix } = wanted;
    const network = newNetwork(networkSchema.parse({ ...identity(), name, network: base, prefix }), wanted);
    refuseOverlap(network, await findObjects(tx, 'network'));
    await insertObject(tx, 'network', network);
    await reserveAddresses(tx, network, await clusterWithin(tx));
    return network;
  });
}

/**
 * Changes a network. A new base moves every member, the gateway and the name servers with it, and what is said elsewhere
 * of its addresses; a longer prefix or a new dynamic range is refused (`in-use`) when it leaves a member outside or takes
 * its address.
 */
export function changeNetwork(store: Store, name: string, changes: NetworkChanges, by: string): Promise<Network> {
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'network', name);
    const after = changedNetwork(before, changes);
    refuseOverlap(after, await findObjects(tx, 'network'));
    const cluster = await clusterWithin(tx);
    await refuseLosing(tx, before, after, cluster);
    const network = await replaceObject(tx, 'network', before, after, changes.rev);
    await reserveAddresses(tx, network, cluster);
    await takeAlong(tx, before, network);
    return network;
  });
}

/** Removes a network; refused while anything stands in it. */
export function removeNetwork(store: Store, name: string, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const network = await objectNamed(tx, 'network', name);
    await refuseWhileUsed(tx, 'network', network);
    await reserveAddresses(tx, { ...network, gateway: null, ns_ip: null, reserved: [] }, null);
    await removeObject(tx, 'network', network, seen);
  });
}

async function refuseLosing(tx: Tx, before: Network, after: Network, cluster: Cluster | null): Promise<void> {
  const range = rangeKeptFree(after, cluster);
  const same = before.dhcp_start === after.dhcp_start && before.dhcp_end === after.dhcp_end;
  if (before.prefix === after.prefix && same) return;
  const members = (await addressClaims(tx, before._id)).filter(({ owner }) => /^(node|switch|otherdev)\//.test(owner));
  for (const { offset } of members) {
    const address = addressAt(before, offset);
    if (offset > lastOffset(after)) throw new LunaError('in-use', `network ${after.name}: ${address} is in use and would lie outside`, `luna network show ${after.name}`);
    if (!same && within(range, offset)) {
      throw new LunaError('in-use', `network ${after.name}: ${address} is in use and lies in the dynamic range asked for`, `luna network show ${after.name}`);
    }
  }
}

/** When a network moves, routes of groups through it and name servers of other networks in it move too. */
async function takeAlong(tx: Tx, before: Network, after: Network): Promise<void> {
  const [from, to] = [subnetOf(before), subnetOf(after)];
  if (from.base === to.base && from.prefix === to.prefix) return;
  for (const group of await findObjects(tx, 'group')) {
    const interfaces = withMovedRoutes(group.interfaces, from, to);
    if (interfaces !== group.interfaces) await replaceObject(tx, 'group', group, { interfaces });
  }
  for (const other of await findObjects(tx, 'network')) {
    if (other._id === after._id) continue;
    const dns = withMovedServers(other.dns, from, to);
    if (dns !== other.dns) await replaceObject(tx, 'network', other, { dns });
  }
}
