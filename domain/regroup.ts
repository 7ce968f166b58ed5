import type { GroupInterface } from './group.ts';
import type { Node } from './node.ts';

/**
 * The addresses a node keeps when its interfaces become those of another group: first where name and network are the
 * same, then where the network is, under another name (luna-1 §2.9). What is absent from the result is to be allocated.
 */
export function keptAddresses(from: readonly GroupInterface[], to: readonly GroupInterface[], addresses: Node['addresses']): Node['addresses'] {
  const left = from.filter(({ id, network }) => network !== null && addresses[id] !== undefined);
  const kept: Node['addresses'] = {};
  for (const sameName of [true, false]) {
    for (const iface of to) {
      if (iface.network === null || kept[iface.id] !== undefined) continue;
      const at = left.findIndex((old) => old.network === iface.network && (!sameName || old.name === iface.name));
      const offset = addresses[left[at]?.id ?? ''];
      if (offset === undefined) continue;
      left.splice(at, 1);
      kept[iface.id] = offset;
    }
  }
  return kept;
}
