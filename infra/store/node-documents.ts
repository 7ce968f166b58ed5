import type { Node } from '../../domain/node.ts';
import type { Tx } from './change-objects.ts';
import { noteChange, objects, wantedName } from './objects.ts';
import { take } from './take.ts';

/** Inserts new nodes with their names. Throws LunaError `taken` when one of the names is in use. */
export async function insertNodes(tx: Tx, nodes: readonly Node[]): Promise<void> {
  await take(tx, nodes.map((node) => wantedName('node', node)));
  await objects(tx.store, 'node').insertMany(nodes.map((node) => ({ ...node })), { session: tx.session });
  for (const node of nodes) noteChange(tx, 'node', node);
}

/** Gives every node the addresses that `next` says, in one round trip. */
export async function setAddresses(tx: Tx, nodes: readonly Node[], next: (node: Node, i: number) => Node['addresses']): Promise<void> {
  if (nodes.length === 0) return;
  await objects(tx.store, 'node').bulkWrite(
    nodes.map((node, i) => ({ updateOne: { filter: { _id: node._id, rev: node.rev }, update: { $set: { addresses: next(node, i) }, $inc: { rev: 1 } } } })),
    { session: tx.session },
  );
  for (const node of nodes) noteChange(tx, 'node', { ...node, rev: node.rev + 1 });
}
