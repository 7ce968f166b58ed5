import { BMC, BOOTIF } from '../node-network.ts';
import type { Luna1 } from './luna1.ts';
import { addressIn, bigOf, byId, type Doc, idOf, mapOf, type OldNetwork, textOf } from './luna1-documents.ts';

type Note = (field: string, why: string) => void;

/** How the nodes of a group are to be read. */
export interface OldInterfaces {
  /** The addresses of one of its nodes by the interfaces' names now. */
  addressesOf(node: Doc, note: Note): { addresses: Record<string, string>; addresses6: Record<string, string> };
}

/** An interface of an old group: `key` is what its nodes call it (a UUID in 1.2, its name before). */
interface OldInterface { key: string; name: string; v4: OldNetwork | undefined; v6: OldNetwork | undefined; params: string | undefined }

/** Groups; the result tells how to read the addresses of their nodes. */
export function importGroups(luna1: Luna1): Map<string, OldInterfaces> {
  const groups = new Map<string, OldInterfaces>();
  for (const document of luna1.dump['group'] ?? []) {
    const name = textOf(document['name']) ?? '';
    const interfaces = interfacesOf(luna1, document);
    const bootNetwork = interfaces.find((one) => one.name === BOOTIF)?.v4?.name;
    const osimage = luna1.nameOf('osimage', document['osimage']);
    if (osimage === undefined) luna1.build.note('group', name, 'osimage', 'that image is gone: give the group another before it is applied');
    const torrentIf = textOf(document['torrent_if']);
    const download = interfaces.find(({ key, name: called }) => key === torrentIf || called === torrentIf)?.name ?? (torrentIf === document['boot_if'] ? BOOTIF : undefined);
    if (torrentIf !== undefined && download === undefined) luna1.build.note('group', name, 'torrent_if', `it has no interface ${torrentIf}`);
    luna1.build.add('groups', name, {
      osimage,
      bmcsetup: luna1.nameOf('bmcsetup', document['bmcsetup']),
      // Before 1.2 the domain was the boot network's.
      domain: luna1.nameOf('network', document['domain']) ?? ('domain' in document ? undefined : bootNetwork),
      interfaces: Object.fromEntries(interfaces.map(({ name: called, v4, v6, params }) => [called, {
        ...(v4 ? { network: v4.name } : {}), ...(v6 ? { network6: v6.name } : {}), ...(params === undefined ? {} : { params }),
      }])),
      torrent_if: download,
      prescript: scriptOf(document['prescript']), partscript: scriptOf(document['partscript']), postscript: scriptOf(document['postscript']),
      comment: textOf(document['comment']),
    });
    groups.set(name, { addressesOf: (node, note) => addressesOf(interfaces, node, note) });
  }
  return groups;
}

/** An empty script was stored as null; luna's own default is not meant then. */
function scriptOf(value: unknown): string {
  return textOf(value) ?? '';
}

function interfacesOf({ networks }: Luna1, document: Doc): OldInterface[] {
  const bootIf = textOf(document['boot_if']);
  const found: OldInterface[] = Object.entries(mapOf(document['interfaces'])).map(([key, value]) => {
    const { name, network, params } = mapOf(value);
    const families = mapOf(network);
    // In 1.2 a network for each family, before only one.
    const byFamily = '4' in families || '6' in families;
    const [v4, v6] = byFamily ? [networks.get(idOf(families['4']) ?? ''), networks.get(idOf(families['6']) ?? '')] : [networks.get(idOf(network) ?? ''), undefined];
    const called = textOf(name) ?? key;
    return { key, name: called === bootIf ? BOOTIF : called, v4, v6, params: textOf(params) };
  });
  const bmc = networks.get(idOf(document['bmcnetwork']) ?? '');
  if (bmc && !found.some((one) => one.name === BMC)) found.push({ key: 'bmcnetwork', name: BMC, v4: bmc, v6: undefined, params: undefined });
  return found.sort((a, b) => rank(a.name) - rank(b.name));
}

/** BOOTIF first, the BMC last, the others as they were. */
function rank(name: string): number {
  return name === BOOTIF ? 0 : name === BMC ? 2 : 1;
}

/** The relative addresses that nodes have, by network. */
export function offsetsOfNodes(luna1: Luna1): Map<OldNetwork, Set<bigint>> {
  const groups = new Map([...byId(luna1.dump['group'] ?? [])].map(([id, document]) => [id, interfacesOf(luna1, document)]));
  const found = new Map<OldNetwork, Set<bigint>>();
  for (const node of luna1.dump['node'] ?? []) {
    for (const one of groups.get(idOf(node['group']) ?? '') ?? []) {
      const { offset4, offset6 } = offsetsIn(node, one);
      for (const [network, offset] of [[one.v4, bigOf(offset4)], [one.v6, bigOf(offset6)]] as const) {
        if (network && offset !== undefined) found.set(network, (found.get(network) ?? new Set()).add(offset));
      }
    }
  }
  return found;
}

/** What a node has on an interface: in 1.2 an offset for each family, before only one. */
function offsetsIn(node: Doc, { key }: OldInterface): { offset4: unknown; offset6: unknown } {
  const value = key === 'bmcnetwork' ? node['bmcnetwork'] : mapOf(node['interfaces'])[key];
  if (bigOf(value) !== undefined) return { offset4: value, offset6: undefined };
  return { offset4: mapOf(value)['4'], offset6: mapOf(value)['6'] };
}

function addressesOf(interfaces: readonly OldInterface[], node: Doc, note: Note): { addresses: Record<string, string>; addresses6: Record<string, string> } {
  const addresses: Record<string, string> = {};
  const addresses6: Record<string, string> = {};
  for (const one of interfaces) {
    const { name, v4, v6 } = one;
    const { offset4, offset6 } = offsetsIn(node, one);
    const ip = v4 && addressIn(v4, offset4);
    const ip6 = v6 && addressIn(v6, offset6);
    if (ip !== undefined) addresses[name] = ip;
    if (ip6 !== undefined) addresses6[name] = ip6;
    if (ip === undefined && v4) note(`address of ${name}`, 'it had none, so the next free one is given');
  }
  return { addresses, addresses6 };
}
