import { addressAt, stored } from '../../domain/addresses.ts';
import { bmcsetupSchema } from '../../domain/bmcsetup.ts';
import { clusterSchema } from '../../domain/cluster.ts';
import { BOND_MODES, type GroupInterface, groupInterfaceSchema, groupSchema } from '../../domain/group.ts';
import { expandHostlist } from '../../domain/hostlist.ts';
import { networkSchema, type Network } from '../../domain/network.ts';
import { nodeSchema } from '../../domain/node.ts';
import { osimageSchema } from '../../domain/osimage.ts';
import { otherdevSchema } from '../../domain/otherdev.ts';
import type { Site } from '../../domain/site.ts';
import type { SiteFile } from '../../domain/site-file.ts';
import { versionOf } from '../../domain/subnet.ts';
import { switchSchema } from '../../domain/switch.ts';
import type { Random } from './random.ts';

/** Texts that a careless writer or reader of YAML would lose something of. */
const TEXTS = ['', 'yes', '1', '~', 'null', 'a: b', '# no remark', 'two\nlines\n', '  indented', 'trailing ', 'tab\there', "it's", '"q"', 'grün', '- x', '%x', '&a', '*a', '{', 'end\n\n', '\n', 'cr\r\nlf', '2001:db8::1', '0x1f', '1e3'];

/** A file that is silent about no MAC: of a node it names none for, it says that it has none. */
export function sayingAllMacs(file: SiteFile): SiteFile {
  const nodes = Object.entries(file.nodes ?? {}).map(([key, entry]) => {
    const none = entry.mac === undefined ? Object.fromEntries(expandHostlist(key).map((name) => [name, []])) : {};
    return [key, { ...entry, macs: { ...none, ...entry.macs } }] as const;
  });
  return { ...file, nodes: Object.fromEntries(nodes) };
}

type Ids = (kind: string, name: string) => string;

/** A valid site with as many of its fields set as chance wants, and its secrets by `kind/id`. The same numbers make the same site. */
export function randomSite(random: Random, ids: Ids): { site: Site; secrets: Map<string, string> } {
  const text = (): string => random.of(TEXTS);
  // Any text, but so that the shell can read it.
  const script = (): string => random.of(TEXTS.map((one) => (one.trim() === '' ? one : `cat <<'END'\n${one}\nEND`)));
  const line = (): string => text().replace(/[\r\n]+/g, ' ');
  const shuffled = (items: string[]): string[] => items.map((item) => ({ item, at: random.below(2 ** 31) })).sort((a, b) => a.at - b.at).map(({ item }) => item);
  const some = (fields: Record<string, () => unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(fields).filter(() => random.once(2)).map(([name, make]) => [name, make()]));
  const made = <T extends { _id: string }>(kind: string, names: string[], schema: { parse(value: unknown): T }, fields: (name: string, i: number) => object): Map<string, T> =>
    new Map(names.map((name, i) => [ids(kind, name), schema.parse({ _id: ids(kind, name), name, rev: random.below(9), ...some({ comment: text }), ...fields(name, i) })]));
  const names = (prefix: string, most: number): string[] => Array.from({ length: random.below(most + 1) }, (_, i) => `${prefix}${i}`);

  const bare = made('network', ['main', ...names('net', 4)], networkSchema, (_, i) => i > 0 && random.once(2)
    ? { network: `fd00:${i}::`, prefix: random.of([56, 64, 112]) }
    : { network: `10.${i}.0.0`, prefix: random.of([16, 20, 21]) });
  const next = new Map<string, bigint>();
  const give = (network: Network): number | string => {
    const offset = (next.get(network._id) ?? 1n) + BigInt(random.below(2));
    next.set(network._id, offset + 1n);
    return stored(network, offset);
  };
  const address = (network: Network): string => addressAt(network, give(network));
  const networks = new Map([...bare].map(([id, network]) => [id, networkSchema.parse({
    ...network,
    ...some({
      gateway: () => address(network), ns_ip: () => address(network), ns_hostname: () => 'master', dns: () => ['10.99.0.1', 'fd99::1'], search: () => ['example.org', 'a.b'],
      dhcp: () => random.of(['proxy', 'off', 'serve']), ignore_unknown: () => true, bootfile: () => 'grub/core.0', ipxe: () => 'ipxe', dhcp_options: () => ({ 42: '10.0.0.1', 224: 'text:x y' }),
      mtu: () => 9000, include: text, rev_include: text, provision: () => random.once(2),
      reserved: () => [{ offset: give(network), name: random.once(2) ? text() : null }, { offset: give(network), name: null }],
    }),
    ...(versionOf(network) === 4 && random.once(2) ? { dhcp_start: 1500, dhcp_end: 1535 } : {}),
  })]));
  const ofFamily = (version: 4 | 6): Network | undefined => random.of([...networks.values(), undefined].filter((one) => one === undefined || versionOf(one) === version));
  const [main = networkSchema.parse({})] = networks.values();

  const osimages = made('osimage', ['compute', ...names('image', 2)], osimageSchema, (name) => ({
    path: `/trees/${name}`, ...some({ kernver: () => '6.1.0-18-amd64', kernopts: line, dracutmodules: text, kernmodules: text, grab_exclude_list: text, grab_filesystems: text }),
  }));
  const bmcsetups = made('bmcsetup', names('setup', 2), bmcsetupSchema, () => some({ user: () => 'admin', userid: () => 4, netchannel: () => 2, mgmtchannel: () => 0, cipher: () => 3 }));
  const switches = made('switch', names('sw', 2), switchSchema, () => {
    const network = random.of([...networks.values()]);
    return { network: network._id, address: give(network), ...some({ oid: () => '.1.3.6', snmp_port: () => 1161 }) };
  });
  const otherdevs = made('otherdev', names('pdu', 3), otherdevSchema, () => {
    const at = [...networks.values()].filter(() => random.once(2)).map((network) => ({ network, offset: give(network) }));
    const of = (version: 4 | 6): object => Object.fromEntries(at.filter(({ network }) => versionOf(network) === version).map(({ network, offset }) => [network._id, offset]));
    return { addresses: of(4), addresses6: of(6) };
  });

  const interfaces = (group: string): GroupInterface[] => {
    const nics = shuffled(['BOOTIF', 'ib0', 'eth1', 'eth2', ...(random.once(2) ? ['BMC'] : [])]);
    const made = nics.map((name) => {
      const network = name === 'eth2' ? undefined : ofFamily(4);
      const plain = name === 'BMC' ? {} : some({ mtu: () => 1400, routes: () => [{ to: 'default', via: '10.0.0.1', metric: 5 }, { to: '10.9.0.0/16', via: '10.0.0.2' }], alias: () => `old-${name}` });
      return { id: ids('interface', `${group}-${name}`), name, network: network?._id, network6: name === 'BMC' || name === 'eth2' ? undefined : ofFamily(6)?._id, ...some({ params: text }), ...plain };
    });
    if (random.once(2)) made.push({ id: ids('interface', `${group}-bond0`), name: 'bond0', network: main._id, network6: undefined, ...{ bond: { mode: random.of(BOND_MODES), members: ['eth2', 'eth3'] } } });
    if (random.once(2)) made.push({ id: ids('interface', `${group}-v`), name: 'v', network: undefined, network6: undefined, ...{ vlan: { id: 100, parent: 'eth1' }, dhcp: true } });
    return made.map((one) => groupInterfaceSchema.parse(one));
  };
  const groups = made('group', ['compute', ...names('group', 3)], groupSchema, (name) => {
    const own = interfaces(name);
    return {
      osimage: random.of([...osimages.keys()]), bmcsetup: random.of([...bmcsetups.keys(), null]), domain: random.of([...networks.keys(), null]), interfaces: own,
      ...some({ prescript: script, partscript: script, postscript: script, boot_policy: () => random.of(['once', 'always']), bootloader: () => 'none', ipxe: () => 'snponly', dhcp_options: () => ({ 150: '10.0.0.9' }), attempts: () => 3, torrent_if: () => random.of(own.filter((one) => one.name !== 'BMC')).id }),
    };
  });

  const nodeNames = [...names('node00', 9), ...names('n', 12), 'login', ...(random.once(2) ? ['node-1-a', '007'] : [])];
  const nodes = made('node', nodeNames, nodeSchema, (_, i) => {
    const group = groups.get(random.of([...groups.keys()]));
    const given = (field: 'network' | 'network6'): object => Object.fromEntries((group?.interfaces ?? []).flatMap((one) => {
      const network = networks.get(one[field] ?? '');
      return network ? [[one.id, give(network)]] : [];
    }));
    const at = random.of([...switches.keys(), null]);
    return {
      group: group?._id, addresses: given('network'), addresses6: given('network6'), switch: at, port: random.of([String(i), `Gi1/0/${i}`, `[${i}],x`, null]),
      ...some({ localboot: () => true, setupbmc: () => false, service: () => true, bootfile: () => 'http://10.0.0.1/x.efi', dhcp_options: () => ({ 43: 'hex:01:02' }) }),
    };
  });
  const macsOf = new Map([...nodes.keys()].filter(() => random.once(2)).map((id, i) => [id, Array.from({ length: 1 + random.below(2) }, (_, j) => `52:54:00:00:0${j}:${(16 + i).toString(16)}`)]));
  const cluster = random.below(8) === 0 ? null : clusterSchema.parse({
    _id: 'cluster#', name: 'general', rev: 1, ...some({
      comment: text, nodeprefix: () => 'cn', nodedigits: () => 4, frontend_address: () => address(main), tracker_interval: () => 20, user: () => 'root', path: () => '/srv/luna', frontend_https: () => true,
      cluster_ips: () => ['10.0.0.1', '10.0.0.2'], named_zone_dir: text, dhcp_net: () => main._id, lweb_num_proc: () => 4,
    }),
  });
  const secrets = new Map([...[...bmcsetups.keys()].map((id) => [`bmcsetup/${id}`, `pw ${random.below(1000)}: #x`] as const), ...[...switches.keys()].map((id) => [`switch/${id}`, random.of(['public', '{secret}', "a'b"])] as const)]);
  const macs = new Map([...macsOf].flatMap(([id, all]) => all.map((mac) => [mac, id] as const)));
  const site = { cluster, networks, switches, otherdevs, osimages, artefacts: new Map(), bmcsetups, groups, nodes, nodesByName: new Map([...nodes.values()].map((node) => [node.name, node])), macs, macsOf };
  return { site, secrets };
}
