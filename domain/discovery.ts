import type { Node } from './node.ts';

/** One line of a switch's forwarding table. `portName` is ifName, or null where the switch has none. */
export interface ForwardingEntry {
  mac: string;
  port: number;
  portName: string | null;
}

/** Where a MAC was seen. */
export interface Seen extends ForwardingEntry {
  switchId: string;
}

/** Who a machine is, judged by the switch port it is plugged into. */
export type PortMatch =
  | { is: 'match'; nodeId: string; seen: Seen }
  | { is: 'none'; seen: Seen[] }
  | { is: 'ambiguous'; nodeIds: string[]; seen: Seen[] };

/**
 * Finds the node declared on a port where the MAC was seen, by the port's name or number. A MAC seen on several
 * switches (uplinks) is decided by the only declared port among them; two candidates are never guessed between.
 */
export function matchPort(seen: readonly Seen[], nodes: Iterable<Node>): PortMatch {
  const hits = new Map<string, Seen>();
  for (const node of nodes) {
    if (node.switch === null || node.port === null) continue;
    const hit = seen.find((s) => s.switchId === node.switch && (s.portName === node.port || String(s.port) === node.port));
    if (hit !== undefined) hits.set(node._id, hit);
  }
  const [first, ...others] = hits;
  if (first === undefined) return { is: 'none', seen: [...seen] };
  if (others.length > 0) return { is: 'ambiguous', nodeIds: [...hits.keys()], seen: [...seen] };
  return { is: 'match', nodeId: first[0], seen: first[1] };
}
