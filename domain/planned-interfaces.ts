import { BMC, domainOf, interfacesOf, type NodeInterface } from './node-network.ts';
import type { GroupInterface } from './group.ts';
import type { Network } from './network.ts';
import type { Node } from './node.ts';
import type { Site } from './site.ts';

/** A NIC, bond or VLAN as the installed system is to configure it. Null and empty fields say that there is none of it. */
export interface PlannedInterface {
  name: string;
  ip: string | null;
  prefix: number | null;
  /** Set on one interface at most of each family, so that there is one default route. */
  gateway: string | null;
  ip6: string | null;
  prefix6: number | null;
  gateway6: string | null;
  /** Of both families. */
  dns: string[];
  /** The node's own domain first. */
  search: string[];
  mtu: number | null;
  /** `parent` and the bond's members are names of interfaces; BOOTIF among them is the NIC it booted from. */
  vlan: GroupInterface['vlan'];
  bond: GroupInterface['bond'];
  routes: GroupInterface['routes'];
  /** Its addresses come by DHCP; `ip` is none then. */
  dhcp: boolean;
  params: string;
}

/**
 * What the installed system has to configure, BOOTIF first: interfaces with an address or with DHCP, bonds, VLANs, and
 * what VLANs stand on. Members of a bond belong to the bond.
 */
export function plannedInterfaces(site: Site, node: Node): PlannedInterface[] {
  const all = interfacesOf(site, node).filter(({ name }) => name !== BMC);
  const members = new Set(all.flatMap(({ bond }) => bond?.members ?? []));
  const parents = new Set(all.flatMap(({ vlan }) => vlan?.parent ?? []));
  const needed = (one: NodeInterface): boolean =>
    one.ip !== null || one.ip6 !== null || one.dhcp || one.bond !== null || one.vlan !== null || parents.has(one.name);
  const domain = domainOf(site, node);
  const planned = all.filter((one) => needed(one) && !members.has(one.name)).map((one) => plan(one, domain));
  return oneRoute(oneRoute(planned, 'gateway'), 'gateway6');
}

function plan(one: NodeInterface, domain: string): PlannedInterface {
  const { name, network, network6, ip, ip6, mtu, vlan, bond, routes, dhcp, params } = one;
  const networks = [ip === null ? null : network, ip6 === null ? null : network6].filter((found): found is Network => found !== null);
  const unique = (words: readonly string[]): string[] => [...new Set(words)];
  return {
    name,
    ip: dhcp ? null : ip,
    prefix: dhcp || ip === null ? null : network?.prefix ?? null,
    gateway: dhcp || ip === null ? null : network?.gateway ?? null,
    ip6,
    prefix6: ip6 === null ? null : network6?.prefix ?? null,
    gateway6: ip6 === null ? null : network6?.gateway ?? null,
    dns: unique(networks.flatMap((found) => found.dns)),
    search: unique([...(domain === '' ? [] : [domain]), ...networks.flatMap((found) => found.search)]),
    mtu: mtu ?? leastMtu(networks),
    vlan,
    bond,
    routes,
    dhcp,
    params,
  };
}

/** What every network of the interface can carry; null when none says. */
function leastMtu(networks: readonly Network[]): number | null {
  const declared = networks.flatMap(({ mtu }) => mtu ?? []);
  return declared.length === 0 ? null : Math.min(...declared);
}

/** Leaves the first default route and takes the others away. */
function oneRoute(planned: readonly PlannedInterface[], field: 'gateway' | 'gateway6'): PlannedInterface[] {
  const first = planned.findIndex((one) => one[field] !== null);
  return planned.map((one, i) => i === first ? one : { ...one, [field]: null });
}
