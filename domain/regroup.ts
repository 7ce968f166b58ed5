import type { GroupInterface } from './group.ts';
import type { StoredOffset } from './addresses.ts';

/**
 * The addresses a node keeps when its interfaces become those of another group: first where name and network are the
 * same, then where the network is, under another name (luna-1 §2.9). What is absent from the result is to be allocated.
 */
export function keptAddresses<T extends StoredOffset>(
  from: readonly GroupInterface[], to: readonly GroupInterface[], addresses: Record<string, T>, family: 'network' | 'network6',
): Record<string, T> {
  const left = from.filter(({ id, [family]: network }) => network !== null && addresses[id] !== undefined);
  const kept: Record<string, T> = {};
  for (const sameName of [true, false]) {
    for (const iface of to) {
      if (iface[family] === null || kept[iface.id] !== undefined) continue;
      const at = left.findIndex((old) => old[family] === iface[family] && (!sameName || old.name === iface.name));
      const offset = addresses[left[at]?.id ?? ''];
      if (offset === undefined) continue;
      left.splice(at, 1);
      kept[iface.id] = offset;
    }
  }
  return kept;
}
