import { clusterSchema } from '../../domain/cluster.ts';
import { LunaError } from '../../domain/errors.ts';
import { nextNames } from '../../domain/naming.ts';
import { type Node, nodeSchema } from '../../domain/node.ts';
import type { NewNodes } from '../../domain/requests/node.ts';
import type { RunSummary } from '../../domain/provision.ts';
import type { Done } from '../../domain/many.ts';
import { allocateAddresses } from './addresses.ts';
import { doToEach } from './bulk.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import { ownerOf } from './claims.ts';
import { clusterWithin } from './clusters.ts';
import type { Store } from './connect.ts';
import { insertNodes } from './node-documents.ts';
import { findObject, findObjects, identity, objectNamed, removeObject } from './objects.ts';
import { newestRuns, openRuns } from './runs.ts';

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
  return changeObjects(store, by, (tx) => declare(tx, names, group, comment));
}

async function declare(tx: Tx, names: readonly string[], groupName: string, comment: string): Promise<Node[]> {
  const group = await objectNamed(tx, 'group', groupName);
  const cluster = await clusterWithin(tx);
  const nodes = names.map((name) => nodeSchema.parse({ ...identity(), name, group: group._id, comment }));
  for (const iface of group.interfaces) {
    for (const id of [iface.network, iface.network6]) {
      const network = id === null ? null : await findObject(tx, 'network', { _id: id });
      if (!network) continue;
      const offsets = await allocateAddresses(tx, network, cluster, nodes.map(({ _id }) => ownerOf('node', _id)));
      nodes.forEach((node, i) => {
        if (id === iface.network) node.addresses[iface.id] = Number(offsets[i]);
        else node.addresses6[iface.id] = String(offsets[i]);
      });
    }
  }
  await insertNodes(tx, nodes);
  return nodes;
}

/** Removes a node with its addresses, MACs and port; refused while it is being provisioned. */
export async function removeNode(store: Store, name: string, by: string, seen?: number): Promise<void> {
  await changeObjects(store, by, async (tx) => {
    const node = await objectNamed(tx, 'node', name);
    await refuseWhileRunning(store, node, 'deleted');
    await removeObject(tx, 'node', node, seen);
  });
}

/** Removes many nodes: all or none, or with `each` those that can be removed. */
export async function removeNodes(store: Store, names: readonly string[], each: boolean, by: string): Promise<Done[]> {
  const open = new Map((await openRuns(store)).map((run) => [run.nodeId, run]));
  return doToEach(store, by, names, each, async (tx, name) => {
    const node = await objectNamed(tx, 'node', name);
    refuseRun(node, open.get(node._id), 'deleted');
    await removeObject(tx, 'node', node);
  });
}

/** Throws LunaError `conflict` while a run of the node is open. */
export async function refuseWhileRunning(store: Store, node: Node, what: 'deleted' | 'renamed'): Promise<void> {
  const [run] = await newestRuns(store, [node._id]);
  refuseRun(node, run, what);
}

function refuseRun({ name }: Node, run: RunSummary | undefined, what: 'deleted' | 'renamed'): void {
  if (run?.status === 'running') {
    throw new LunaError('conflict', `node ${name} is being provisioned (${run.stage}): it can't be ${what} now`, `luna provision cancel ${name}`);
  }
}

async function generatedNames(tx: Tx): Promise<string[]> {
  const cluster = await clusterWithin(tx) ?? clusterSchema.parse({ ...identity(), name: 'general' });
  const found = await findObjects(tx, 'node');
  return nextNames(cluster, found.map(({ name }) => name));
}
