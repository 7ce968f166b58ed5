import { type Change, type ObjectKind, REMOVED } from './change.ts';
import { sideOf } from './change-diff.ts';
import type { Cluster } from './cluster.ts';
import type { Node } from './node.ts';
import type { Site } from './site.ts';

/** What of a line is needed to follow it. */
export type Followed = Pick<Change, 'kind' | 'id' | 'rev' | 'diff'>;

interface Stored { _id: string; name: string; rev: number }

/** Where the objects of a kind stand in a site. */
export const MAP_OF = {
  network: 'networks', switch: 'switches', otherdev: 'otherdevs', osimage: 'osimages', bmcsetup: 'bmcsetups', group: 'groups', node: 'nodes',
} as const satisfies Partial<Record<ObjectKind, keyof Site>>;

/**
 * The site after some changes, in their order; `site` itself stays as it is. What the site has already seen is passed
 * over. Null when a change is of something that the site should hold and doesn't: then it has to be read anew.
 * (Of artefacts a change doesn't hold the content: they are left as they are.)
 */
export function applyChanges(site: Site, changes: readonly Followed[]): Site | null {
  const next: Site = { ...site };
  const own = new Set<string>();
  const map = <T>(field: keyof Site): Map<string, T> => {
    if (!own.has(field)) Object.assign(next, { [field]: new Map(site[field] as unknown as Map<string, T>) });
    own.add(field);
    return next[field] as unknown as Map<string, T>;
  };
  let order = new Set<keyof typeof MAP_OF>();
  for (const { kind, id, rev, diff } of changes) {
    if (kind === 'artefact') continue;
    if (kind === 'mac') {
      bind(next, map, id, (diff['node']?.[1] ?? null) as string | null);
      continue;
    }
    const objects: Map<string, Stored> = kind === 'cluster' ? new Map(next.cluster ? [[next.cluster._id, next.cluster]] : []) : map(MAP_OF[kind]);
    const before = objects.get(id);
    if (rev === REMOVED) objects.delete(id);
    else if (before && before.rev >= rev) continue;
    else if (!before && diff['name']?.[0] !== null) return null;
    else objects.set(id, { _id: id, ...before, ...sideOf(diff, 'after'), rev } as Stored);
    if (kind === 'cluster') next.cluster = (objects.get(id) ?? null) as Cluster | null;
    else if (!before || rev === REMOVED || 'name' in diff) order = order.add(kind);
    if (kind === 'node' && rev === REMOVED) for (const mac of next.macsOf.get(id) ?? []) bind(next, map, mac, null);
  }
  // Bindings are counted apart, so a node may have gone after it was bound: only the store knows whose the MAC is now.
  if (changes.some(({ kind, id }) => kind === 'mac' && !next.nodes.has(next.macs.get(id) ?? '') && next.macs.has(id))) return null;
  for (const kind of order) Object.assign(next, { [MAP_OF[kind]]: sorted(map<Stored>(MAP_OF[kind])) });
  if (own.has('nodes')) next.nodesByName = new Map([...next.nodes.values()].map((node: Node) => [node.name, node]));
  return next;
}

function bind(site: Site, map: <T>(field: keyof Site) => Map<string, T>, mac: string, nodeId: string | null): void {
  const owner = site.macs.get(mac);
  if (owner === nodeId) return;
  const macsOf = map<string[]>('macsOf');
  const left = (macsOf.get(owner ?? '') ?? []).filter((one) => one !== mac);
  if (owner !== undefined && left.length > 0) macsOf.set(owner, left);
  else if (owner !== undefined) macsOf.delete(owner);
  if (nodeId === null) {
    map<string>('macs').delete(mac);
    return;
  }
  map<string>('macs').set(mac, nodeId);
  macsOf.set(nodeId, [...macsOf.get(nodeId) ?? [], mac]);
}

function sorted(objects: Map<string, Stored>): Map<string, Stored> {
  return new Map([...objects].sort(([, a], [, b]) => a.name < b.name ? -1 : 1));
}
