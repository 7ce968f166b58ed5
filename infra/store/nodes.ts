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
 * So many nodes are declared in one transaction. A larger one would hold more unwritten pages than the embedded
 * database's cache can bear: it stops answering.
 */
const SLICE = 1000;

/**
 * Declares nodes, each with an address on every interface that has a network; all of them or none. Without names one
 * is generated. Throws LunaError `taken` for a name in use and `conflict` for an exhausted network.
 */
export async function addNodes(store: Store, wanted: NewNodes, by: string): Promise<Node[]> {
  const { group, comment = '' } = wanted;
  if (!wanted.names) return changeObjects(store, by, async (tx) => declare(tx, await generatedNames(tx), group, comment));
  const names = wanted.names;
  const twice = names.length === new Set(names).size ? undefined : names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new LunaError('invalid', `node ${twice} is named twice`);
  const made: Node[] = [];
  try {
    for (let at = 0; at < names.length; at += SLICE) {
      made.push(...await changeObjects(store, by, (tx) => declare(tx, names.slice(at, at + SLICE), group, comment)));
    }
  } catch (error) {
    await withdraw(store, made, by);
    throw error;
  }
  return made;
}

async function declare(tx: Tx, names: readonly string[], groupName: string, comment: string): Promise<Node[]> {
  const group = await objectNamed(tx, 'group', groupName);
  const cluster = await clusterWithin(tx);
  const nodes = names.map((name) => nodeSchema.parse({ ...identity(), name, group: group._id, comment }));
  for (const iface of group.interfaces) {
    const network = iface.network === null ? null : await findObject(tx, 'network', { _id: iface.network });
    if (!network) continue;
    const offsets = await allocateAddresses(tx, network, cluster, nodes.map(({ _id }) => ownerOf('node', _id)));
    nodes.forEach((node, i) => { node.addresses[iface.id] = offsets[i] ?? 0; });
  }
  await insertNodes(tx, nodes);
  return nodes;
}

/** Takes back what was declared of a list that can't be declared as a whole. */
async function withdraw(store: Store, nodes: readonly Node[], by: string): Promise<void> {
  for (let at = 0; at < nodes.length; at += SLICE) {
    await changeObjects(store, by, async (tx) => {
      for (const node of nodes.slice(at, at + SLICE)) await removeObject(tx, 'node', node);
    });
  }
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

async function generatedNames(tx: Tx): Promise<string[]> {
  const cluster = await clusterWithin(tx) ?? clusterSchema.parse({ ...identity(), name: 'general' });
  const found = await objects(tx.store, 'node').find({}, { session: tx.session, projection: { name: 1 } }).toArray();
  return nextNames(cluster, found.map(({ name }) => name));
}
