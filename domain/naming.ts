import type { Cluster } from './cluster.ts';

/**
 * The next `count` generated node names: the highest number in use plus one, padded (luna-1 §2.9). Gaps are not reused;
 * names that don't end in a number after the prefix don't count.
 */
export function nextNames(cluster: Pick<Cluster, 'nodeprefix' | 'nodedigits'>, inUse: Iterable<string>, count = 1): string[] {
  let highest = 0;
  for (const name of inUse) {
    const rest = name.startsWith(cluster.nodeprefix) ? name.slice(cluster.nodeprefix.length) : '';
    if (/^\d{1,9}$/.test(rest)) highest = Math.max(highest, Number(rest));
  }
  return Array.from({ length: count }, (_, i) => cluster.nodeprefix + String(highest + 1 + i).padStart(cluster.nodedigits, '0'));
}
