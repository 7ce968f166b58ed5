import { BMC, BOOTIF } from '../node-network.ts';
import type { ImportBuilder, ImportContext } from './imported.ts';
import { unreadable } from './imported.ts';

/** What the nodes of a source's group have in common, gathered node by node. */
interface Shape { osimage: Map<string, number>; bmcsetup: Map<string, number>; interfaces: Map<string, Map<string, number>> }

/** What one node tells of its group. */
export interface NodeShape { osimage?: string | undefined; bmcsetup?: string | undefined; interfaces: Record<string, string> }

/** Groups of a source that has no such thing as luna's: each is what most of its nodes are. */
export class GroupShapes {
  readonly #shapes = new Map<string, Shape>();

  /** Counts what a node says; `interfaces` is interface → network. */
  count(group: string, node: NodeShape): void {
    const shape = this.#shapes.get(group) ?? emptyShape();
    this.#shapes.set(group, shape);
    if (node.osimage !== undefined) add(shape.osimage, node.osimage);
    if (node.bmcsetup !== undefined) add(shape.bmcsetup, node.bmcsetup);
    for (const [iface, network] of Object.entries(node.interfaces)) {
      const networks = shape.interfaces.get(iface) ?? new Map<string, number>();
      shape.interfaces.set(iface, networks);
      add(networks, network);
    }
  }

  /** The network of an interface of a group, as most of its nodes have it. */
  networkOf(group: string, iface: string): string | undefined {
    return most(this.#shapes.get(group)?.interfaces.get(iface) ?? new Map());
  }

  /** Adds the groups to an import. A group that is there already is left as it is. Throws LunaError when one has no image and none is given. */
  addTo(build: ImportBuilder, { site, osimage: fallback }: ImportContext, extra: Record<string, object> = {}): void {
    for (const [name, shape] of this.#shapes) {
      const there = site.groups?.[name];
      if (there) {
        build.note('group', name, '', 'it is there already and stays as it is; its nodes are added to it');
        continue;
      }
      const osimage = most(shape.osimage) ?? fallback;
      if (osimage === undefined) throw unreadable(`group ${name}`, 'the source does not say which image it has: give one with --osimage OSIMAGE');
      for (const other of rest(shape.osimage)) build.note('group', name, 'osimage', `some of its nodes have ${other}; the group gets ${osimage}`);
      const bmcsetup = most(shape.bmcsetup);
      for (const other of rest(shape.bmcsetup)) build.note('group', name, 'bmcsetup', `some of its nodes have ${other}; the group gets ${bmcsetup ?? ''}`);
      const names = [...shape.interfaces.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
      build.add('groups', name, {
        osimage, bmcsetup, domain: this.networkOf(name, BOOTIF),
        interfaces: names.length === 0 ? undefined : Object.fromEntries(names.map((iface) => [iface, { network: this.networkOf(name, iface) }])),
        ...extra[name],
      });
    }
  }
}

function emptyShape(): Shape {
  return { osimage: new Map(), bmcsetup: new Map(), interfaces: new Map() };
}

function add(counts: Map<string, number>, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

function most(counts: ReadonlyMap<string, number>): string | undefined {
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function rest(counts: ReadonlyMap<string, number>): string[] {
  const first = most(counts);
  return [...counts.keys()].filter((value) => value !== first);
}

function rank(iface: string): number {
  return iface === BOOTIF ? 0 : iface === BMC ? 2 : 1;
}
