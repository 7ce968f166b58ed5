import { addressAt } from './addresses.ts';
import { clusterSchema } from './cluster.ts';
import { bmcsetupSchema } from './bmcsetup.ts';
import { byName } from './hostlist-fold.ts';
import { type Group, groupInterfaceSchema, groupSchema } from './group.ts';
import { type Network, networkSchema } from './network.ts';
import { foldNodes, type NodeDeclaration } from './node-declaration.ts';
import { declaredInterfacesOf } from './node-network.ts';
import { type Node, nodeSchema } from './node.ts';
import { nameOf } from './object-views.ts';
import { type Otherdev, otherdevSchema } from './otherdev.ts';
import { osimageSchema } from './osimage.ts';
import { defaultsOf, plainFields } from './plain-fields.ts';
import { sameValue } from './same-value.ts';
import { SITE_FILE_VERSION, type SiteFile, SPECIAL } from './site-file.ts';
import type { Site } from './site.ts';
import { type Switch, switchSchema } from './switch.ts';

/** Secrets by `bmcsetup/<id>`, `switch/<id>`. */
export type Secrets = ReadonlyMap<string, string>;

/** What a site declares, as it is written. The order is that of names, and what has its default is left out. */
export type Declared = Record<string, unknown>;

/** The whole site as a file. Without `secrets` it holds none. */
export function exportSite(site: Site, secrets: Secrets = new Map()): SiteFile {
  const file: Record<string, unknown> = {
    luna: SITE_FILE_VERSION,
    ...(site.cluster ? { cluster: clusterDeclared(site) } : {}),
    networks: section(site.networks, (network) => networkDeclared(network)),
    osimages: section(site.osimages, (osimage) => plain(osimageSchema, SPECIAL.osimage, osimage)),
    bmcsetups: section(site.bmcsetups, (setup) => ({ ...plain(bmcsetupSchema, [], setup), ...secret('password', secrets.get(`bmcsetup/${setup._id}`)) })),
    switches: section(site.switches, (one) => ({ ...switchDeclared(site, one), ...secret('read', secrets.get(`switch/${one._id}`)) })),
    otherdevs: section(site.otherdevs, (device) => otherdevDeclared(site, device)),
    groups: section(site.groups, (group) => groupDeclared(site, group)),
    nodes: foldNodes(new Map([...site.nodes.values()].map((node) => [node.name, nodeDeclared(site, node)]))),
  };
  return file as SiteFile;
}

/** What is declared of the cluster. */
export function clusterDeclared({ cluster, networks }: Site): Declared {
  return cluster ? { ...plain(clusterSchema, SPECIAL.cluster, cluster), ...given('dhcp_net', nameOf(networks, cluster.dhcp_net)) } : {};
}

/** What is declared of a network; its dynamic range and what is set aside as addresses. */
export function networkDeclared(network: Network): Declared {
  const range = (name: 'dhcp_start' | 'dhcp_end'): Declared => network[name] === null ? {} : { [name]: addressAt(network, network[name]) };
  const reserved = network.reserved.map(({ offset, name }) => ({ ip: addressAt(network, offset), ...given('name', name) }));
  return { network: `${network.network}/${network.prefix}`, ...plain(networkSchema, SPECIAL.network, network), ...range('dhcp_start'), ...range('dhcp_end'), ...(reserved.length === 0 ? {} : { reserved }) };
}

/** What is declared of a switch. */
export function switchDeclared(site: Site, found: Switch): Declared {
  const network = site.networks.get(found.network);
  return { network: network?.name ?? found.network, ip: network ? addressAt(network, found.address) : '', ...plain(switchSchema, SPECIAL.switch, found) };
}

/** What is declared of another device: its address in each network. */
export function otherdevDeclared(site: Site, device: Otherdev): Declared {
  const connected = Object.entries({ ...device.addresses, ...device.addresses6 }).flatMap(([id, offset]) => {
    const network = site.networks.get(id);
    return network ? [[network.name, addressAt(network, offset)] as const] : [];
  }).sort(([a], [b]) => byName(a, b));
  return { ...(connected.length === 0 ? {} : { addresses: Object.fromEntries(connected) }), ...plain(otherdevSchema, SPECIAL.otherdev, device) };
}

/** What is declared of a group; its interfaces in their order. */
export function groupDeclared(site: Site, group: Group): Declared {
  const interfaces = group.interfaces.map((iface) => [iface.name, {
    ...given('network', nameOf(site.networks, iface.network)),
    ...given('network6', nameOf(site.networks, iface.network6)),
    ...plain(groupInterfaceSchema, SPECIAL.interface, iface),
  }] as const);
  return {
    osimage: nameOf(site.osimages, group.osimage) ?? '',
    ...given('bmcsetup', nameOf(site.bmcsetups, group.bmcsetup)),
    ...given('domain', nameOf(site.networks, group.domain)),
    ...(interfaces.length === 0 ? {} : { interfaces: Object.fromEntries(interfaces) }),
    ...given('torrent_if', group.interfaces.find(({ id }) => id === group.torrent_if)?.name ?? null),
    ...plain(groupSchema, SPECIAL.group, group),
  };
}

/** What is declared of a node: its own, nothing that it has from its group. */
export function nodeDeclared(site: Site, node: Node): NodeDeclaration {
  const interfaces = site.groups.has(node.group) ? declaredInterfacesOf(site, node) : [];
  const addressed = (field: 'ip' | 'ip6'): Record<string, string> => Object.fromEntries(interfaces.flatMap(({ name, [field]: ip }) => ip === null ? [] : [[name, ip]]));
  return {
    shared: {
      group: nameOf(site.groups, node.group) ?? '',
      ...given('switch', nameOf(site.switches, node.switch)),
      ...plain(nodeSchema, SPECIAL.node, node),
    },
    ...(node.port === null ? {} : { port: node.port }),
    addresses: addressed('ip'),
    addresses6: addressed('ip6'),
    macs: [...site.macsOf.get(node._id) ?? []].sort(),
  };
}

function section<T extends { name: string }>(objects: ReadonlyMap<string, T>, declared: (object: T) => Declared): Record<string, Declared> {
  return Object.fromEntries([...objects.values()].sort((a, b) => byName(a.name, b.name)).map((object) => [object.name, declared(object)]));
}

/** The fields of an object that are written as they are stored, but for those that have their default. */
export function plain(schema: PlainSchema, special: readonly string[], stored: object): Declared {
  const { names, defaults } = plainOf(schema, special);
  const values = stored as Record<string, unknown>;
  const found: Declared = {};
  for (const name of names) if (values[name] !== undefined && !sameValue(values[name], defaults[name])) found[name] = brief(values[name]);
  return found;
}

type PlainSchema = Parameters<typeof defaultsOf>[0];
interface Plain { names: string[]; defaults: Record<string, unknown> }

/** Found out once for each schema, not for each of ten thousand nodes; a schema always comes with the same `special`. */
const plains = new WeakMap<PlainSchema, Plain>();

function plainOf(schema: PlainSchema, special: readonly string[]): Plain {
  let found = plains.get(schema);
  if (!found) {
    const names = Object.keys(plainFields(schema, special));
    plains.set(schema, found = { names, defaults: defaultsOf(schema, names) });
  }
  return found;
}

/** Entries of a list without what they don't say: the metric of a route. */
function brief(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((one: unknown) => typeof one === 'object' && one !== null ? Object.fromEntries(Object.entries(one).filter(([, inner]) => inner !== null)) : one);
}

function given(name: string, value: string | null): Declared {
  return value === null ? {} : { [name]: value };
}

function secret(name: string, value: string | undefined): Declared {
  return value === undefined ? {} : { [name]: value };
}
