import { BMC, BOOTIF } from '../node-network.ts';
import { isIp } from '../subnet.ts';
import { GroupShapes } from './group-shapes.ts';
import { ImportBuilder, type ImportContext, type Imported, lunaName, unreadable } from './imported.ts';
import { KnownNetworks, prefixOf } from './known-networks.ts';
import { readMacs } from './nodes-of-rows.ts';
import { readXcat, type XcatFile, type XcatObject } from './xcat-objects.ts';

/** Makes a site file of xCAT's definitions: networks, images with a tree, nodes with their groups, BMCs and switches. */
export function importXcat(files: readonly XcatFile[], context: ImportContext): Imported {
  const build = new ImportBuilder();
  const objects = readXcat(files, (name, field, why) => { build.note('xCAT', name, field, why); });
  const of = (type: string): XcatObject[] => objects.filter((object) => object.type === type);
  if (objects.length === 0) throw unreadable('the definitions', 'there are none');
  const xcat: Xcat = { build, context, networks: new KnownNetworks(context.site), shapes: new GroupShapes(), setups: new Map() };
  for (const network of of('network')) addNetwork(xcat, network);
  for (const osimage of of('osimage')) addOsimage(xcat, osimage);
  const nodes = of('node');
  const switches = new Set(nodes.filter(isSwitch).map(({ name }) => name));
  for (const node of nodes.filter(isSwitch)) addSwitch(xcat, node);
  const machines = nodes.filter((node) => !isSwitch(node) && !isDevice(node));
  for (const node of nodes.filter(isDevice)) addDevice(xcat, node);
  for (const node of machines) addNode(xcat, node, switches);
  xcat.shapes.addTo(build, context);
  for (const { type, name } of objects) {
    if (!['node', 'network', 'osimage', 'site', 'group'].includes(type)) build.note(type, name, '', 'luna has no such object');
  }
  for (const { name, attributes } of of('site')) for (const key of attributes.keys()) build.note('site', name, key, 'luna knows this by itself or in luna cluster change');
  return build.done();
}

interface Xcat { build: ImportBuilder; context: ImportContext; networks: KnownNetworks; shapes: GroupShapes; setups: Map<string, string> }

/** Attributes that say nothing luna needs: how xCAT itself installs. */
const QUIET = new Set(['objtype', 'groups', 'mgt', 'arch', 'os', 'netboot', 'installnic', 'primarynic', 'tftpserver', 'nfsserver', 'xcatmaster', 'status', 'statustime',
  'appstatus', 'currstate', 'updatestatus', 'postscripts', 'postbootscripts', 'nodetype', 'interface', 'cons', 'serialport', 'serialspeed', 'hwtype', 'switchtype']);

function addNetwork({ build, networks }: Xcat, { name: written, attributes: a }: XcatObject): void {
  const name = lunaName(written);
  const prefix = prefixOf(a.get('mask') ?? '');
  const cidr = prefix === null ? null : networks.add(name, `${a.get('net') ?? ''}/${prefix}`);
  if (cidr === null) {
    build.note('network', name, '', `'${a.get('net') ?? ''}' with mask '${a.get('mask') ?? ''}' is no network`);
    return;
  }
  if (name !== written) build.note('network', name, 'name', `'${written}' is no name luna takes`);
  const [start, end] = (a.get('dynamicrange') ?? '').split(/[-,]/).map((ip) => ip.trim());
  const dns = (a.get('nameservers') ?? '').split(',').map((ip) => ip.trim());
  const gateway = a.get('gateway');
  for (const one of [...dns, gateway ?? '']) if (one !== '' && !isIp(one)) build.note('network', name, 'gateway, nameservers', `'${one}' is no address: luna's own is the default`);
  build.add('networks', name, {
    network: cidr,
    gateway: gateway !== undefined && isIp(gateway) ? gateway : undefined,
    dns: dns.some(isIp) ? dns.filter(isIp) : undefined,
    search: a.get('domain') === undefined ? undefined : [a.get('domain')],
    mtu: /^\d+$/.test(a.get('mtu') ?? '') ? Number(a.get('mtu')) : undefined,
    ...(start !== undefined && end !== undefined && isIp(start) && isIp(end) ? { dhcp_start: start, dhcp_end: end } : {}),
    comment: a.get('usercomment'),
  });
  leftOver(build, 'network', name, a, ['net', 'mask', 'gateway', 'nameservers', 'domain', 'dynamicrange', 'mtu', 'usercomment', 'mgtifname', 'dhcpserver', 'tftpserver']);
}

function addOsimage({ build }: Xcat, { name: written, attributes: a }: XcatObject): void {
  const name = lunaName(written);
  const root = a.get('rootimgdir');
  if (root === undefined) {
    build.note('osimage', name, '', `it has no tree (rootimgdir): ${a.get('provmethod') ?? 'its'} images are installed package by package, which luna does not do`);
    return;
  }
  build.add('osimages', name, { path: `${root.replace(/\/+$/, '')}/rootimg`, kernver: a.get('kernelver'), kernopts: a.get('addkcmdline'), comment: a.get('description') });
  leftOver(build, 'osimage', name, a, ['rootimgdir', 'kernelver', 'addkcmdline', 'description', 'imagetype', 'osarch', 'osname', 'osvers', 'osdistroname', 'profile', 'provmethod']);
}

const isSwitch = ({ attributes }: XcatObject): boolean => attributes.get('mgt') === 'switch' || attributes.get('nodetype') === 'switch';
const isDevice = ({ attributes }: XcatObject): boolean => /^(pdu|cec|frame|hmc|fsp|bpa)$/.test(attributes.get('nodetype') ?? '') || attributes.get('mgt') === 'pdu';

function addSwitch({ build, networks }: Xcat, { name, attributes: a }: XcatObject): void {
  const ip = a.get('ip') ?? '';
  const network = networks.holding(ip);
  if (network === undefined) {
    build.note('switch', name, 'ip', `'${ip}' lies in no network`);
    return;
  }
  const version = a.get('snmpversion') ?? '2';
  if (!/^(v?1|v?2c?|SNMPv[12]c?)$/i.test(version)) build.note('switch', name, 'snmpversion', `${version}: only communities are carried`);
  build.add('switches', name, { network, ip, read: a.get('password') ?? a.get('community'), comment: a.get('usercomment') });
  leftOver(build, 'switch', name, a, ['ip', 'snmpversion', 'password', 'community', 'usercomment']);
}

function addDevice({ build, networks }: Xcat, { name, attributes: a }: XcatObject): void {
  const ip = a.get('ip') ?? '';
  const network = networks.holding(ip);
  if (network === undefined) build.note('otherdev', name, 'ip', `'${ip}' lies in no network`);
  build.add('otherdevs', name, { addresses: network === undefined ? undefined : { [network]: ip }, comment: a.get('usercomment') });
  leftOver(build, 'otherdev', name, a, ['ip', 'usercomment', 'nodetype']);
}

function addNode(xcat: Xcat, { name: written, attributes: a }: XcatObject, switches: ReadonlySet<string>): void {
  const { build, context, networks, shapes } = xcat;
  const name = lunaName(written);
  const groups = (a.get('groups') ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '');
  const group = lunaName(groups.find((one) => one !== 'all') ?? context.group ?? groups[0] ?? 'all');
  const others = groups.filter((one) => one !== group && one !== 'all');
  if (others.length > 0) build.note('node', name, 'groups', `a node is in one group, ${group}; ${others.join(', ')} kept in the comment`);
  const addresses: Record<string, string> = {};
  const interfaces: Record<string, string> = {};
  const place = (iface: string, ip: string, field: string): void => {
    const network = networks.holding(ip);
    if (!isIp(ip)) build.note('node', name, field, `'${ip}' is no address: luna gives the next free one`);
    else if (network === undefined) build.note('node', name, field, `${ip} lies in no network`);
    else [addresses[iface], interfaces[iface]] = [ip, network];
  };
  if (a.has('ip')) place(BOOTIF, a.get('ip') ?? '', 'ip');
  if (a.has('bmc')) place(BMC, a.get('bmc') ?? '', 'bmc');
  for (const [nic, ip] of nicsOf(a)) if (ip !== a.get('ip')) place(nic, ip, `nicips.${nic}`);
  const osimage = build.get('osimages', lunaName(a.get('provmethod') ?? '')) ? lunaName(a.get('provmethod') ?? '') : undefined;
  if (a.has('provmethod') && osimage === undefined) build.note('node', name, 'provmethod', `image ${a.get('provmethod') ?? ''} was not carried`);
  shapes.count(group, { osimage, bmcsetup: setupOf(xcat, group, a), interfaces });
  const switchName = a.get('switch');
  const known = switchName !== undefined && (switches.has(switchName) || context.site.switches?.[switchName] !== undefined);
  if (switchName !== undefined && !known) build.note('node', name, 'switch', `there is no switch ${switchName}`);
  build.node(name, {
    shared: { group, switch: known ? switchName : undefined, comment: [a.get('usercomment') ?? '', ...others.length > 0 ? [`xCAT groups: ${others.join(', ')}`] : []].filter((one) => one !== '').join('; ') || undefined },
    port: known ? a.get('switchport') : undefined,
    addresses,
    // `mac!hostname` names the interface of a machine with several; `|` separates them.
    macs: readMacs((a.get('mac') ?? '').replace(/![^|]*/g, ''), (why) => { build.note('node', name, 'mac', why); }),
  });
  leftOver(build, 'node', name, a, ['ip', 'mac', 'bmc', 'bmcusername', 'bmcpassword', 'bmcport', 'switch', 'switchport', 'provmethod', 'profile', 'usercomment']);
}

/** A bmcsetup for each pair of user and password. */
function setupOf({ build, setups }: Xcat, group: string, a: ReadonlyMap<string, string>): string | undefined {
  const [user, password] = [a.get('bmcusername'), a.get('bmcpassword')];
  if (user === undefined && password === undefined) return undefined;
  const key = `${user ?? ''}\0${password ?? ''}`;
  const name = setups.get(key) ?? (setups.size === 0 || build.get('bmcsetups', group) ? `bmc${setups.size === 0 ? '' : setups.size + 1}` : group);
  setups.set(key, name);
  build.add('bmcsetups', name, { user, password });
  return name;
}

/** Interface → address of `nicips.eth1=10.40.0.1` (stanzas) and `eth1!10.40.0.1,eth2!…` (table nics); of several of one the first. */
function nicsOf(a: ReadonlyMap<string, string>): [string, string][] {
  const found: [string, string][] = [];
  for (const [key, value] of a) {
    if (key.startsWith('nicips.')) found.push([key.slice('nicips.'.length), value.split('|')[0] ?? '']);
    else if (key === 'nicips') for (const one of value.split(',')) found.push([one.split('!')[0] ?? '', (one.split('!')[1] ?? '').split('|')[0] ?? '']);
  }
  return found.filter(([nic]) => nic !== '' && nic !== 'bmc');
}

function leftOver(build: ImportBuilder, kind: string, name: string, attributes: ReadonlyMap<string, string>, used: readonly string[]): void {
  for (const key of attributes.keys()) {
    if (!used.includes(key) && !QUIET.has(key) && !/^nic(ips|networks|types|hostnamesuffixes)(\.|$)/.test(key)) build.note(kind, name, key, 'luna has no such field');
  }
}
