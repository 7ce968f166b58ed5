import { clusterSchema } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import { nextNames } from '../../domain/naming.ts';
import { type Node, nodeSchema } from '../../domain/node.ts';
import type { NewNodes } from '../../domain/requests/node.ts';
import { allocateAddresses } from './addresses.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { insertNodes } from './node-documents.ts';
import { findObject, identity, objectNamed, objects, removeObject } from './objects.ts';
import { newestRuns } from './runs.ts';

/**
 * Declares nodes, each with an address on every interface that has a network; all of them or none. Without names one
 * is generated. Throws LunaError `taken` for a name in use and `conflict` for an exhausted network.
 */
export function addNodes(store: Store, wanted: NewNodes, by: string): Promise<Node[]> {
  return changeObjects(store, by, async (tx) => {
    const group = await objectNamed(tx, 'group', wanted.group);
    const cluster = await clusterWithin(tx);
    const names = wanted.names ?? nextNames(cluster ?? clusterSchema.parse({ ...identity(), name: 'general' }), await nodeNames(tx));
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new LunaError('invalid', `node ${twice} is named twice`);
    const nodes = names.map((name) => nodeSchema.parse({ ...identity(), name, group: group._id, comment: wanted.comment ?? '' }));
    for (const iface of group.interfaces) {
      const network = iface.network === null ? null : await findObject(tx, 'network', { _id: iface.network });
      if (!network) continue;
      const offsets = await allocateAddresses(tx, network, cluster, nodes.map(({ _id }) => ownerOf('node', _id)));
      nodes.forEach((node, i) => { node.addresses[iface.id] = offsets[i] ?? 0; });
    }
    await insertNodes(tx, nodes);
    return nodes;
  });
}

/** Removes a node with its addresses, MACs and port; refused while it is being provisioned. */
export async function removeNode(store: Store, name: string, by: string): Promise<void> {
  await changeObjects(store, by, async (tx) => {
    const node = await objectNamed(tx, 'node', name);
    await refuseWhileRunning(store, node, 'deleted');
    await removeObject(tx, 'node', node);
  });
}

/** Throws LunaError `conflict` while a run of the node is open. */
export async function refuseWhileRunning(store: Store, node: Node, what: 'deleted' | 'renamed'): Promise<void> {
  const [run] = await newestRuns(store, [node._id]);
  if (run?.status === 'running') {
    throw new LunaError('conflict', `node ${node.name} is being provisioned (${run.stage}): it can't be ${what} now`, `luna provision cancel ${node.name}`);
  }
}

async function nodeNames(tx: Tx): Promise<string[]> {
  const found = await objects(tx.store, 'node').find({}, { session: tx.session, projection: { name: 1 } }).toArray();
  return found.map(({ name }) => name);
}
