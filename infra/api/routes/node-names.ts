import * as z from 'zod';
import type { Node } from '../../../domain/node.ts';
import { LunaError } from '../../../domain/errors.ts';
import type { Site } from '../../../domain/site.ts';

/** A list of node names in a body. */
export const nodeNames = z.array(z.string()).min(1, 'name one node at least').max(20_000);

/** The node of that name. Throws LunaError `not-found`. */
export function nodeOf(site: Site, name: string): Node {
  const node = site.nodesByName.get(name);
  if (!node) throw new LunaError('not-found', `there is no node named ${name}`, 'luna node list');
  return node;
}

/** All nodes of these names, each once. Throws LunaError `not-found`. */
export function nodesOf(site: Site, names: readonly string[]): Node[] {
  return [...new Set(names)].map((name) => nodeOf(site, name));
}

/** Asks for all nodes that exist at once; the answers come in the order of `names`, and a name without a node is an error of its own. */
export async function forNodes<A extends { node: string }>(
  site: Site, names: readonly string[], ask: (nodes: Node[]) => Promise<A[]>,
): Promise<(A | { node: string; error: string })[]> {
  const unique = [...new Set(names)];
  const found = unique.flatMap((name) => site.nodesByName.get(name) ?? []);
  const answers = new Map((found.length === 0 ? [] : await ask(found)).map((answer) => [answer.node, answer]));
  return unique.map((node) => answers.get(node)
    ?? { node, error: site.nodesByName.has(node) ? 'no answer' : `there is no node named ${node}` });
}
