import { checkedCluster } from '../../domain/cluster-rules.ts';
import { type Cluster, clusterSchema } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import { given } from '../../domain/given.ts';
import type { ClusterChanges, NewCluster } from '../../domain/requests/cluster.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import { refuseWhileUsed } from './dependants.ts';
import { findObject, findObjects, identity, insertObject, objectNamed, removeObject, replaceObject } from './objects.ts';
import { reserveAddresses } from './reservations.ts';

/** The name of the one cluster object. */
const GENERAL = 'general';

/** The cluster, or null before `luna cluster init`. */
export function clusterWithin(tx: Tx): Promise<Cluster | null> {
  return findObject(tx, 'cluster', { name: GENERAL });
}

/** Makes the cluster object. Throws LunaError `conflict` when there is one. */
export function initCluster(store: Store, settings: NewCluster, by: string): Promise<Cluster> {
  return changeObjects(store, by, async (tx) => {
    if (await clusterWithin(tx)) throw new LunaError('conflict', 'the cluster is initialised already', 'luna cluster show');
    const wanted = clusterSchema.parse({ ...identity(), ...given(settings), name: GENERAL });
    const cluster = await insertObject(tx, 'cluster', checkedCluster(wanted, await findObjects(tx, 'network')));
    await reserveEverywhere(tx, cluster);
    return cluster;
  });
}

/** Changes the cluster; a new frontend address is reserved in its network. */
export function changeCluster(store: Store, { rev, dhcp_net, ...changes }: ClusterChanges, by: string): Promise<Cluster> {
  return changeObjects(store, by, async (tx) => {
    const before = await objectNamed(tx, 'cluster', GENERAL);
    const network = dhcp_net == null ? dhcp_net : (await objectNamed(tx, 'network', dhcp_net))._id;
    const wanted = checkedCluster({ ...before, ...given(changes), ...given({ dhcp_net: network }) }, await findObjects(tx, 'network'));
    const after = await replaceObject(tx, 'cluster', before, wanted, rev);
    if (after.frontend_address !== before.frontend_address) await reserveEverywhere(tx, after);
    return after;
  });
}

/** Removes the cluster object; refused while anything else is declared. */
export function removeCluster(store: Store, by: string, seen?: number): Promise<void> {
  return changeObjects(store, by, async (tx) => {
    const cluster = await objectNamed(tx, 'cluster', GENERAL);
    await refuseWhileUsed(tx, 'cluster', cluster);
    await removeObject(tx, 'cluster', cluster, seen);
  });
}

async function reserveEverywhere(tx: Tx, cluster: Cluster): Promise<void> {
  for (const network of await findObjects(tx, 'network')) await reserveAddresses(tx, network, cluster);
}
