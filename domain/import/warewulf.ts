import { BMC, BOOTIF } from '../node-network.ts';
import { isIp } from '../subnet.ts';
import { GroupShapes } from './group-shapes.ts';
import { ImportBuilder, type ImportContext, type Imported, lunaName, unreadable } from './imported.ts';
import { KnownNetworks, prefixOf } from './known-networks.ts';
import { readMacs } from './nodes-of-rows.ts';

type Fields = Record<string, unknown>;

/** Where Warewulf keeps the trees of its images. */
const CHROOTS = '/var/lib/warewulf/chroots';

/** Makes a site file of Warewulf 4's nodes.conf, parsed: profiles become groups, images osimages, devices interfaces. */
export function importWarewulf(document: unknown, context: ImportContext): Imported {
  const { nodeprofiles, nodes } = asMap(document);
  if (nodes === undefined && nodeprofiles === undefined) throw unreadable('nodes.conf', "it has neither 'nodes' nor 'nodeprofiles'");
  const build = new ImportBuilder();
  const wanted: Warewulf = { build, context, networks: new KnownNetworks(context.site), shapes: new GroupShapes(), setups: new Map() };
  const profiles = asMap(nodeprofiles);
  const merged = Object.entries(asMap(nodes)).map(([name, node]) => {
    const own = asMap(node);
    const names = Array.isArray(own['profiles']) ? own['profiles'].map(String) : profiles['default'] === undefined ? [] : ['default'];
    return { name, names, all: [...names.map((one) => withParents(profiles, one)), own].reduce<Fields>((sum, next) => merge(sum, next), {}) };
  });
  for (const { all } of merged) findNetworks(wanted, all);
  for (const { name, names, all } of merged) addNode(wanted, name, names, all);
  wanted.shapes.addTo(build, context);
  return build.done();
}

interface Warewulf { build: ImportBuilder; context: ImportContext; networks: KnownNetworks; shapes: GroupShapes; setups: Map<string, string> }

/** A profile with those it builds on. */
function withParents(profiles: Fields, name: string, depth = 0): Fields {
  const own = asMap(profiles[name]);
  const parents = Array.isArray(own['profiles']) && depth < 16 ? own['profiles'].map(String) : [];
  return [...parents.map((one) => withParents(profiles, one, depth + 1)), own].reduce<Fields>((sum, next) => merge(sum, next), {});
}

function merge(base: Fields, over: Fields): Fields {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? merge(below, value) : value;
  }
  return merged;
}

function findNetworks({ build, networks }: Warewulf, node: Fields): void {
  const define = (ip: string, mask: string, gateway: string, name: string, mtu?: string): void => {
    if (!isIp(ip) || networks.holding(ip) !== undefined) return;
    const prefix = prefixOf(mask);
    if (prefix === null) return;
    const free = networks.has(name) ? `${name}-${ip.replace(/[.:]/g, '-')}` : name;
    const cidr = networks.add(free, `${ip}/${prefix}`);
    if (cidr !== null) build.add('networks', free, { network: cidr, gateway: isIp(gateway) ? gateway : undefined, mtu: /^\d+$/.test(mtu ?? '') ? Number(mtu) : undefined });
  };
  for (const [name, device] of devicesOf(node)) {
    define(device['ipaddr'] ?? '', device['netmask'] ?? '', device['gateway'] ?? '', name === 'default' ? 'cluster' : lunaName(name), device['mtu']);
  }
  const ipmi = ipmiOf(node);
  define(ipmi['ipaddr'] ?? '', ipmi['netmask'] ?? '', ipmi['gateway'] ?? '', 'ipmi');
}

/** Fields of a node that are used, or that only say how Warewulf itself boots. */
const USED = new Set(['profiles', 'comment', 'container name', 'image name', 'kernel', 'ipmi', 'network devices', 'primary network', 'primary network device', 'discoverable',
  'init', 'root', 'ipxe template', 'system overlay', 'runtime overlay', 'cluster name']);

function addNode(wanted: Warewulf, written: string, profiles: readonly string[], node: Fields): void {
  const { build, networks, shapes } = wanted;
  const name = lunaName(written);
  const group = lunaName(profiles.filter((one) => one !== 'default').join('-') || profiles[0] || wanted.context.group || 'default');
  const addresses: Record<string, string> = {};
  const interfaces: Record<string, string> = {};
  const macs: string[] = [];
  const devices = devicesOf(node);
  const primary = text(node['primary network'] ?? node['primary network device']) ?? (devices.some(([one]) => one === 'default') ? 'default' : devices[0]?.[0]);
  for (const [key, device] of devices) {
    const iface = key === primary ? BOOTIF : lunaName(device['device'] ?? key);
    const ip = device['ipaddr'] ?? '';
    const network = networks.holding(ip);
    if (ip !== '' && network === undefined) build.note('node', name, `network devices.${key}.ipaddr`, `${ip} has no netmask and lies in no network`);
    else if (network !== undefined) [addresses[iface], interfaces[iface]] = [ip, network];
    if (device['hwaddr'] !== undefined) {
      if (key === primary) macs.push(...readMacs(device['hwaddr'], (why) => { build.note('node', name, 'hwaddr', why); }));
      else build.note('node', name, `network devices.${key}.hwaddr`, 'luna binds the MACs a node boots by: add it with luna node change --mac if it is one');
    }
    for (const field of Object.keys(device)) if (!['device', 'ipaddr', 'netmask', 'gateway', 'hwaddr', 'mtu', 'onboot', 'type', 'primary'].includes(field)) build.note('node', name, `network devices.${key}.${field}`, 'luna has no such field');
  }
  const ipmi = ipmiOf(node);
  const bmc = networks.holding(ipmi['ipaddr'] ?? '');
  if (bmc !== undefined) [addresses[BMC], interfaces[BMC]] = [ipmi['ipaddr'] ?? '', bmc];
  else if (ipmi['ipaddr'] !== undefined) build.note('node', name, 'ipmi.ipaddr', `${ipmi['ipaddr']} has no netmask and lies in no network`);
  shapes.count(group, { osimage: imageOf(wanted, name, node), bmcsetup: setupOf(wanted, ipmi), interfaces });
  for (const field of Object.keys(node)) if (!USED.has(field)) build.note('node', name, field, 'luna has no such field');
  for (const field of ['system overlay', 'runtime overlay']) {
    if (node[field] !== undefined) build.note('group', group, field, "overlays are Warewulf's: put what they hold into the image or the group's postscript");
  }
  build.node(name, { shared: { group, comment: text(node['comment']) }, addresses, macs });
}

function imageOf({ build }: Warewulf, node: string, fields: Fields): string | undefined {
  const written = text(fields['image name'] ?? fields['container name']);
  if (written === undefined) return undefined;
  const name = lunaName(written);
  const kernel = asMap(fields['kernel']);
  const args = Array.isArray(kernel['args']) ? kernel['args'].map(String).join(' ') : text(kernel['args']);
  const there = build.get('osimages', name);
  if (there && (there['kernopts'] ?? '') !== (args ?? '')) build.note('node', node, 'kernel.args', `'${args ?? ''}': kernel arguments are the image's, and image ${name} has others`);
  else build.add('osimages', name, { path: `${CHROOTS}/${written}/rootfs`, kernver: text(kernel['version'] ?? kernel['override']), kernopts: args });
  return name;
}

function setupOf({ build, setups }: Warewulf, ipmi: Record<string, string>): string | undefined {
  const { username, password } = ipmi;
  if (username === undefined && password === undefined) return undefined;
  const key = `${username ?? ''}\0${password ?? ''}`;
  const name = setups.get(key) ?? `bmc${setups.size === 0 ? '' : setups.size + 1}`;
  setups.set(key, name);
  build.add('bmcsetups', name, { user: username, password });
  return name;
}

function devicesOf(node: Fields): [string, Record<string, string>][] {
  return Object.entries(asMap(node['network devices'])).map(([name, device]) => [name, texts(device)]);
}

function ipmiOf(node: Fields): Record<string, string> {
  return texts(node['ipmi']);
}

/** The texts and numbers of a map, as texts. */
function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asMap(value)).flatMap(([key, one]) => text(one) === undefined ? [] : [[key, text(one) ?? '']]));
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asMap(value: unknown): Fields {
  return isMap(value) ? value : {};
}
