import { byName } from '../hostlist-fold.ts';
import { ImportBuilder, type Imported, unreadable } from './imported.ts';
import { addressIn, bigOf, byId, type Doc, flagOf, idOf, mapOf, numberOf, type OldNetwork, oldNetwork, textOf } from './luna1-documents.ts';
import { freeGaps } from './luna1-freelist.ts';
import { importGroups, offsetsOfNodes, type OldInterfaces } from './luna1-groups.ts';
import { formatIp } from '../subnet.ts';

/** A dump: the documents of each collection. */
export type Luna1Dump = Readonly<Record<string, readonly Doc[]>>;

/** What the parts of the import share. */
export interface Luna1 {
  build: ImportBuilder;
  dump: Luna1Dump;
  networks: Map<string, OldNetwork>;
  nameOf(collection: string, reference: unknown): string | undefined;
}

/** Makes a site file of a dump of Luna 1, of schema 1.2 or of the seed's (luna-1 §2). Throws LunaError when it is none. */
export function importLuna1(dump: Luna1Dump): Imported {
  if (!dump['cluster'] && !dump['node'] && !dump['group']) {
    throw unreadable('the dump', `it has no collection of Luna 1 (cluster, group, node), but ${Object.keys(dump).join(', ') || 'none at all'}`);
  }
  const ids = new Map<string, Map<string, Doc>>();
  const documents = (collection: string): Map<string, Doc> => {
    const found = ids.get(collection) ?? byId(dump[collection] ?? []);
    ids.set(collection, found);
    return found;
  };
  const luna1: Luna1 = {
    build: new ImportBuilder(),
    dump,
    networks: new Map(),
    nameOf: (collection, reference) => textOf(documents(collection).get(idOf(reference) ?? '')?.['name']),
  };
  for (const [id, document] of documents('network')) {
    const network = oldNetwork(document);
    if (network) luna1.networks.set(id, network);
    else luna1.build.note('network', textOf(document['name']) ?? id, '', 'it has no address and prefix');
  }
  importCluster(luna1);
  importNetworks(luna1);
  importPlain(luna1);
  const interfaces = importGroups(luna1);
  importNodes(luna1, interfaces);
  return luna1.build.done();
}

const CLUSTER_FIELDS = ['nodeprefix', 'user', 'path', 'frontend_address', 'torrent_pidfile', 'lweb_pidfile', 'named_include_file', 'named_zone_dir', 'comment'] as const;
const CLUSTER_NUMBERS = ['nodedigits', 'frontend_port', 'server_port', 'tracker_interval', 'tracker_min_interval', 'tracker_maxpeers',
  'torrent_listen_port_min', 'torrent_listen_port_max', 'lweb_num_proc'] as const;

function importCluster({ build, dump, networks, nameOf }: Luna1): void {
  const [cluster] = dump['cluster'] ?? [];
  if (!cluster) return;
  const dhcpNet = [...networks.values()].find(({ name }) => name === (nameOf('network', cluster['dhcp_net']) ?? textOf(cluster['dhcp_net'])));
  build.cluster({
    ...Object.fromEntries(CLUSTER_FIELDS.map((field) => [field, textOf(cluster[field])])),
    ...Object.fromEntries(CLUSTER_NUMBERS.map((field) => [field, numberOf(cluster[field])])),
    frontend_https: flagOf(cluster['frontend_https']),
    cluster_ips: textOf(cluster['cluster_ips'])?.split(',').map((ip) => ip.trim()),
    dhcp_net: dhcpNet?.name,
  });
}

function importNetworks(luna1: Luna1): void {
  const { build, dump, networks } = luna1;
  const [cluster = {}] = dump['cluster'] ?? [];
  const ofNodes = offsetsOfNodes(luna1);
  for (const document of dump['network'] ?? []) {
    const id = idOf(document['_id']) ?? '';
    const network = networks.get(id);
    if (!network) continue;
    const isDhcp = idOf(cluster['dhcp_net']) === id || cluster['dhcp_net'] === network.name;
    const range = isDhcp ? { dhcp_start: addressIn(network, cluster['dhcp_range_start']), dhcp_end: addressIn(network, cluster['dhcp_range_end']) } : {};
    const written = textOf(document['ns_ip']);
    build.add('networks', network.name, {
      network: `${formatIp({ version: network.version, value: network.base })}/${network.prefix}`,
      ns_hostname: textOf(document['ns_hostname']),
      ns_ip: written !== undefined && /[.:]/.test(written) ? written : addressIn(network, document['ns_ip']),
      include: textOf(document['include']),
      rev_include: textOf(document['rev_include']),
      reserved: setAside(luna1, network, document, new Set([...usedOffsets(dump, id, network.name), ...ofNodes.get(network) ?? []])),
      ...range,
      comment: textOf(document['comment']),
    });
  }
}

/** Addresses that the free list doesn't have and that are nobody's: reserved by hand. */
function setAside({ build }: Luna1, network: OldNetwork, document: Doc, used: ReadonlySet<bigint>): { ip: string }[] | undefined {
  const gaps = freeGaps(document, network.prefix, network.version);
  const free = gaps.filter((offset) => !used.has(offset));
  const most = 256;
  if (free.length > most) build.note('network', network.name, 'freelist', `${free.length} addresses are taken by nothing that luna knows; the first ${most} are set aside`);
  return free.length === 0 ? undefined : free.slice(0, most).map((offset) => ({ ip: formatIp({ version: network.version, value: network.base + offset }) }));
}

/** The relative addresses in a network that something other than a node has. */
function usedOffsets(dump: Luna1Dump, id: string, name: string): Set<bigint> {
  const used = new Set<bigint>();
  const take = (value: unknown): void => { const offset = bigOf(value); if (offset !== undefined) used.add(offset); };
  const of = (collection: string): readonly Doc[] => dump[collection] ?? [];
  for (const document of of('network')) if (idOf(document['_id']) === id) take(document['ns_ip']);
  for (const document of of('switch')) if (idOf(document['network']) === id) take(document['ip']);
  for (const document of of('otherdev')) take(mapOf(document['connected'])[id]);
  for (const cluster of of('cluster')) {
    if (idOf(cluster['dhcp_net']) !== id && cluster['dhcp_net'] !== name) continue;
    const [start, end] = [bigOf(cluster['dhcp_range_start']), bigOf(cluster['dhcp_range_end'])];
    if (start !== undefined && end !== undefined) for (let offset = start; offset <= end && offset - start < 1n << 20n; offset += 1n) used.add(offset);
  }
  return used;
}

const IMAGE_FIELDS = ['path', 'kernver', 'kernopts', 'dracutmodules', 'kernmodules', 'grab_exclude_list', 'grab_filesystems', 'comment'] as const;
const SETUP_NUMBERS = ['userid', 'netchannel', 'mgmtchannel'] as const;

function importPlain({ build, dump, networks, nameOf }: Luna1): void {
  const name = (document: Doc): string => textOf(document['name']) ?? idOf(document['_id']) ?? '';
  for (const document of dump['osimage'] ?? []) {
    build.add('osimages', name(document), Object.fromEntries(IMAGE_FIELDS.map((field) => [field, textOf(document[field])])));
    if (textOf(document['tarball'])) build.note('osimage', name(document), 'tarball', 'packed by Luna 1: pack it again with luna osimage pack');
  }
  for (const document of dump['bmcsetup'] ?? []) {
    build.add('bmcsetups', name(document), {
      user: textOf(document['user']), ...Object.fromEntries(SETUP_NUMBERS.map((field) => [field, numberOf(document[field])])),
      comment: textOf(document['comment']), password: textOf(document['password']),
    });
  }
  for (const document of dump['switch'] ?? []) {
    const network = networks.get(idOf(document['network']) ?? '');
    const ip = network && addressIn(network, document['ip']);
    if (ip === undefined) {
      build.note('switch', name(document), '', 'it has no address in a network');
      continue;
    }
    if (![undefined, 'private'].includes(textOf(document['rw']))) build.note('switch', name(document), 'rw', 'luna only reads from switches');
    build.add('switches', name(document), {
      network: nameOf('network', document['network']), ip, oid: textOf(document['oid']), comment: textOf(document['comment']), read: textOf(document['read']),
    });
  }
  for (const document of dump['otherdev'] ?? []) {
    const connected = Object.entries(mapOf(document['connected'])).flatMap(([id, relative]) => {
      const network = networks.get(id);
      const ip = network && addressIn(network, relative);
      return network && ip !== undefined ? [[network.name, ip] as const] : [];
    });
    build.add('otherdevs', name(document), { addresses: connected.length === 0 ? undefined : Object.fromEntries(connected), comment: textOf(document['comment']) });
  }
}

function importNodes({ build, dump, nameOf }: Luna1, groups: ReadonlyMap<string, OldInterfaces>): void {
  const macs = new Map<string, string[]>();
  for (const document of dump['mac'] ?? []) {
    const [node, mac] = [idOf(document['node']), textOf(document['mac'])];
    if (node !== null && mac !== undefined) macs.set(node, [...macs.get(node) ?? [], mac.toLowerCase()]);
  }
  const nodes = [...dump['node'] ?? []].sort((a, b) => byName(textOf(a['name']) ?? '', textOf(b['name']) ?? ''));
  for (const document of nodes) {
    const name = textOf(document['name']) ?? '';
    const group = nameOf('group', document['group']);
    if (group === undefined) {
      build.note('node', name, 'group', 'its group is gone, so the node was left out');
      continue;
    }
    const { addresses, addresses6 } = groups.get(group)?.addressesOf(document, (field, why) => { build.note('node', name, field, why); }) ?? {};
    const port = document['port'];
    const switchName = nameOf('switch', document['switch']);
    if (idOf(document['switch']) !== null && switchName === undefined) build.note('node', name, 'switch', 'that switch is gone');
    build.node(name, {
      shared: {
        group, switch: switchName, comment: textOf(document['comment']),
        ...flags(document, { localboot: false, setupbmc: true, service: false }),
      },
      port: textOf(port) ?? (typeof port === 'number' ? String(port) : undefined),
      ...(addresses ? { addresses } : {}), ...(addresses6 ? { addresses6 } : {}),
      macs: macs.get(idOf(document['_id']) ?? '') ?? [],
    });
  }
}

/** Flags that are not what they are anyway. */
function flags(document: Doc, defaults: Record<string, boolean>): Record<string, boolean | undefined> {
  return Object.fromEntries(Object.entries(defaults).map(([name, usual]) => [name, flagOf(document[name]) === !usual ? !usual : undefined]));
}
