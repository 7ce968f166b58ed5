import { expandHostlist } from './hostlist.ts';
import { byName, foldHostlist } from './hostlist-fold.ts';
import type { Mac } from './mac.ts';
import { LunaError } from './errors.ts';
import type { NodesEntry } from './site-file.ts';
import { readList, type WrittenList, writeList } from './value-list.ts';

/** What is declared of one node. `shared` is what others may have as well: its group, its switch, its flags. */
export interface NodeDeclaration {
  shared: Record<string, unknown>;
  port?: string;
  /** Interface → address. */
  addresses: Record<string, string>;
  addresses6: Record<string, string>;
  /** Nothing is said of them when it is absent. */
  macs?: Mac[];
}

/** An entry of `nodes` as it is written. */
export type WrittenNodes = Record<string, unknown> & { port?: WrittenList; addresses?: Record<string, WrittenList>; addresses6?: Record<string, WrittenList>; mac?: Mac | Mac[]; macs?: Record<string, Mac | Mac[]> };

/** Nodes as entries of the file: those that share everything are one, keyed by the hostlist of their names. */
export function foldNodes(nodes: ReadonlyMap<string, NodeDeclaration>): Record<string, WrittenNodes> {
  const alike = new Map<string, string[]>();
  for (const name of [...nodes.keys()].sort(byName)) {
    const node = nodes.get(name);
    const key = JSON.stringify([node?.shared, node?.port === undefined, Object.keys(node?.addresses ?? {}), Object.keys(node?.addresses6 ?? {})]);
    const names = alike.get(key);
    if (names) names.push(name);
    else alike.set(key, [name]);
  }
  const entries: Record<string, WrittenNodes> = {};
  for (const names of alike.values()) {
    for (const key of topLevelItems(foldHostlist(names))) entries[key] = entryOf(expandHostlist(key), nodes);
  }
  return entries;
}

/**
 * Every node that a key of the file names, with what the entry says of it. Throws LunaError `invalid` for a hostlist that
 * can't be read, a list of another length, or a MAC of a node that the key doesn't name; `path` is where, below the entry.
 */
export function unfoldNodes(key: string, entry: NodesEntry, refuse: (path: string[], error: unknown) => void): Map<string, NodeDeclaration> {
  const names = expandHostlist(key);
  const { port, addresses = {}, addresses6 = {}, mac, macs = {}, ...shared } = entry;
  const listed = (path: string[], written: WrittenList | undefined): string[] => {
    try {
      return written === undefined ? [] : readList(written, names.length);
    } catch (error) {
      refuse(path, error);
      return [];
    }
  };
  const ports = listed(['port'], port);
  const columnsOf = (field: 'addresses' | 'addresses6', written: Record<string, WrittenList>) =>
    Object.entries(written).map(([iface, list]) => [iface, listed([field, iface], list)] as const);
  const [columns, columns6] = [columnsOf('addresses', addresses), columnsOf('addresses6', addresses6)];
  const cellsOf = (all: typeof columns, i: number): Record<string, string> => Object.fromEntries(all.flatMap(([iface, values]) => values[i] === undefined ? [] : [[iface, values[i]]]));
  if (mac !== undefined && mac.length > 0 && names.length > 1) refuse(['mac'], new LunaError('invalid', 'is the MAC of one node; write macs: {NODE: MAC} for several'));
  const unknown = Object.keys(macs).find((name) => !names.includes(name));
  if (unknown !== undefined) refuse(['macs', unknown], new LunaError('invalid', `${key} does not name node ${unknown}`));
  return new Map(names.map((name, i) => [name, {
    shared,
    ...(ports[i] === undefined ? {} : { port: ports[i] }),
    addresses: cellsOf(columns, i),
    addresses6: cellsOf(columns6, i),
    ...macsOf(macs[name] ?? mac),
  }]));
}

function macsOf(written: Mac | Mac[] | undefined): Pick<NodeDeclaration, 'macs'> {
  return written === undefined ? {} : { macs: [written].flat() };
}

function entryOf(names: readonly string[], nodes: ReadonlyMap<string, NodeDeclaration>): WrittenNodes {
  const found = names.flatMap((name) => nodes.get(name) ?? []);
  const [first] = found;
  const columns = (field: 'addresses' | 'addresses6'): Record<string, WrittenList> =>
    Object.fromEntries(Object.keys(first?.[field] ?? {}).map((iface) => [iface, writeList(found.map(({ [field]: own }) => own[iface] ?? ''))]));
  const [addresses, addresses6] = [columns('addresses'), columns('addresses6')];
  const macs = names.flatMap((name) => {
    const of = nodes.get(name)?.macs ?? [];
    return of.length === 0 ? [] : [[name, of.length === 1 && of[0] !== undefined ? of[0] : of] as const];
  });
  const one = names.length === 1 ? macs[0]?.[1] : undefined;
  return {
    ...first?.shared,
    ...(first?.port === undefined ? {} : { port: writeList(found.map(({ port = '' }) => port)) }),
    ...(Object.keys(addresses).length === 0 ? {} : { addresses }),
    ...(Object.keys(addresses6).length === 0 ? {} : { addresses6 }),
    ...(one !== undefined ? { mac: one } : macs.length > 0 ? { macs: Object.fromEntries(macs) } : {}),
  };
}

/** `node[1-2,5],login1` as its two items. */
function topLevelItems(hostlist: string): string[] {
  return hostlist.match(/(?:\[[^\]]*\]|[^,[])+/g) ?? [];
}
