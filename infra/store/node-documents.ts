import type { Node } from '../../domain/node.ts';
import type { Tx } from './change-objects.ts';
import { diffOf } from '../../domain/change-diff.ts';
import { noteChange, replaceObject, wantedName } from './objects.ts';
import { take } from './take.ts';

/** Inserts new nodes with their names. Throws LunaError `taken` when one of the names is in use. */
export async function insertNodes(tx: Tx, nodes: readonly Node[]): Promise<void> {
  await take(tx, nodes.map((node) => wantedName('node', node)));
  for (const node of nodes) {
    tx.objects.put('node', node, false);
    noteChange(tx, 'node', node, diffOf(null, node));
  }
}

/** Gives every node the addresses that `next` says. */
export async function setAddresses(tx: Tx, nodes: readonly Node[], next: (node: Node, i: number) => Partial<Pick<Node, 'addresses' | 'addresses6'>>): Promise<void> {
  for (const [i, node] of nodes.entries()) await replaceObject(tx, 'node', node, next(node, i));
}
