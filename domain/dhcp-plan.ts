import { formatIpv4, netmask, parseIpv4 } from './ip.ts';
import { cidrOf, dynamicRange, isProvisioned, type OffsetRange, reservedOffsets } from './ip-pool.ts';
import type { Network } from './network.ts';
import { BMC, frontendAddress, frontendUrl, interfacesOf } from './node-network.ts';
import type { Site } from './site.ts';
import { membersOf } from './zone-members.ts';

/** A machine's address, by its MAC. */
export interface DhcpReservation { mac: string; ip: string; hostname: string }

/** One IPv4 network a DHCP server answers in; addresses are dotted. */
export interface DhcpSubnet {
  name: string;
  network: string;
  prefix: number;
  netmask: string;
  /** For machines without a reservation: the dynamic range without what is somebody's already. */
  ranges: { first: string; last: string }[];
  gateway: string | null;
  dns: string[];
  domain: string;
  /** By name of the node, then by MAC. */
  reservations: DhcpReservation[];
}

/** What a DHCP server of another make has to be told, so that machines boot as with luna's own. */
export interface DhcpPlan {
  /** Where boot programs come from by TFTP: the frontend address. */
  nextServer: string;
  /** What iPXE loads; iPXE itself puts the machine's MAC in. */
  bootUrl: string;
  leaseSeconds: number;
  subnets: DhcpSubnet[];
}

/** Luna 1's longest lease. */
const LEASE_SECONDS = 28_800;

/** Decides it. Throws LunaError `conflict` while the cluster has no frontend address. */
export function dhcpPlan(site: Site): DhcpPlan {
  const served = [...site.networks.values()].filter((network) => !network.network.includes(':') && isServed(site, network));
  const reservations = reservationsOf(site);
  return {
    nextServer: frontendAddress(site),
    bootUrl: `${frontendUrl(site)}/luna?step=boot&mac=\${mac}`,
    leaseSeconds: LEASE_SECONDS,
    subnets: served.map((network) => subnet(network, takenIn(site, network), reservations.get(network._id) ?? [])),
  };
}

/** Where boot services answer, or where an administrator has set a range. */
function isServed(site: Site, network: Network): boolean {
  return isProvisioned(network, site.cluster) || network.dhcp_start !== null;
}

function subnet(network: Network, taken: ReadonlySet<number>, reservations: DhcpReservation[]): DhcpSubnet {
  const { base, prefix } = cidrOf(network);
  return {
    name: network.name,
    network: formatIpv4(base),
    prefix,
    netmask: formatIpv4(netmask(prefix)),
    ranges: gaps(dynamicRange(network), taken).map(({ start, end }) => ({ first: formatIpv4(base + start), last: formatIpv4(base + end) })),
    gateway: network.gateway,
    dns: network.dns.filter((address) => !address.includes(':')),
    domain: network.name,
    reservations,
  };
}

/** Offsets of a network that are declared: the controller's, the gateway's, members'. */
function takenIn(site: Site, network: Network): Set<number> {
  const taken = new Set([...reservedOffsets(network, site.cluster).keys()].map(Number));
  for (const member of membersOf(site)) {
    if (member.network === network) taken.add(parseIpv4(member.address) - cidrOf(network).base);
  }
  return taken;
}

/** A range without the offsets taken. */
function gaps(range: OffsetRange | null, taken: ReadonlySet<number>): OffsetRange[] {
  if (range === null) return [];
  const within = [...taken].filter((offset) => offset >= range.start && offset <= range.end).sort((a, b) => a - b);
  const starts = [range.start, ...within.map((offset) => offset + 1)];
  const ends = [...within.map((offset) => offset - 1), range.end];
  return starts.map((start, i) => ({ start, end: ends[i] ?? range.end })).filter(({ start, end }) => start <= end);
}

/** Network id → the reservations in it: each MAC of a node is given the address of its first interface there, as luna's own server does. */
function reservationsOf(site: Site): Map<string, DhcpReservation[]> {
  const found = new Map<string, DhcpReservation[]>();
  for (const node of site.nodes.values()) {
    const macs = site.macsOf.get(node._id) ?? [];
    const networks = new Set<string>();
    for (const { name, network, ip } of macs.length === 0 ? [] : interfacesOf(site, node)) {
      if (name === BMC || network === null || ip === null || networks.has(network._id)) continue;
      networks.add(network._id);
      const list = found.get(network._id) ?? [];
      found.set(network._id, list);
      for (const mac of [...macs].sort()) list.push({ mac, ip, hostname: node.name });
    }
  }
  return found;
}
