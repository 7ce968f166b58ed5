import { LunaError } from './errors.ts';
import type { Group, GroupInterface } from './group.ts';
import { LEAST_MTU6 } from './network-rules.ts';
import { BMC, BOOTIF } from './node-network.ts';
import { isIp, parseIp, parseSubnet } from './subnet.ts';

/** Linux's names of interfaces have at most so many bytes (IFNAMSIZ less its end). */
const LONGEST = 15;

type Refuse = (name: string, why: string) => never;

/** Throws LunaError `invalid` when the interfaces of a group contradict each other or themselves. */
export function refuseOddInterfaces(group: Pick<Group, 'name'>, interfaces: readonly GroupInterface[]): void {
  const refuse: Refuse = (name, why) => {
    throw new LunaError('invalid', `interface ${name} of group ${group.name} ${why}`, `luna group show ${group.name}`);
  };
  const byName = new Map(interfaces.map((one) => [one.name, one]));
  if (byName.size !== interfaces.length) refuse(interfaces.find((one) => byName.get(one.name) !== one)?.name ?? '', 'is named twice');
  for (const one of interfaces) {
    refuseOddName(one, refuse);
    refuseOddAddresses(one, refuse);
    refuseOddRoutes(one, refuse);
    if (one.vlan && one.bond) refuse(one.name, 'is a VLAN or a bond, not both');
  }
  refuseOddVlans(byName, refuse);
  refuseOddBonds(byName, refuse);
}

function refuseOddName({ name, vlan, bond }: GroupInterface, refuse: Refuse): void {
  const reserved = [BOOTIF, BMC].find((word) => word === name.toUpperCase());
  if (reserved !== undefined && reserved !== name) refuse(name, `can't be told from ${reserved}, which has a meaning of its own`);
  if ((vlan ?? bond) && name.length > LONGEST) refuse(name, `is a device of its own, whose name Linux limits to ${LONGEST} characters`);
}

function refuseOddAddresses({ name, network, network6, vlan, bond, routes, dhcp, mtu }: GroupInterface, refuse: Refuse): void {
  const plain = !vlan && !bond && !dhcp && mtu === null && routes.length === 0;
  if (name === BMC && (network6 !== null || !plain)) refuse(name, 'is a management controller: it has one IPv4 network and nothing else');
  if (dhcp && network !== null) refuse(name, 'has a network and DHCP: one of them gives it its address');
  if (network6 !== null && mtu !== null && mtu < LEAST_MTU6) refuse(name, `has an IPv6 network, which needs an MTU of ${LEAST_MTU6} at least (RFC 8200 §5), not ${mtu}`);
}

/** One way to each place with each metric, by a next hop of the same family. */
function refuseOddRoutes({ name, routes }: GroupInterface, refuse: Refuse): void {
  const known = new Set<string>();
  for (const { to, via, metric } of routes) {
    if (!isIp(via)) refuse(name, `has a route to ${to} by ${via}, which is no address`);
    const { version } = parseIp(via);
    if (to !== 'default' && parseSubnet(to).version !== version) refuse(name, `has a route to ${to} by ${via}, an IPv${version} address`);
    const way = `${to === 'default' ? version : ''} ${to} ${metric ?? ''}`;
    if (known.has(way)) refuse(name, `has two routes to ${to}${metric === null ? '' : ` with metric ${metric}`}`);
    known.add(way);
  }
}

function refuseOddVlans(byName: ReadonlyMap<string, GroupInterface>, refuse: Refuse): void {
  const known = new Map<string, string>();
  for (const { name, vlan, mtu } of byName.values()) {
    if (!vlan) continue;
    const parent = byName.get(vlan.parent);
    if (vlan.parent === name || parent?.vlan) refuse(name, `can't stand on ${vlan.parent}: a VLAN stands on a NIC or a bond`);
    if (vlan.parent === BMC) refuse(name, "can't stand on the management controller");
    if (!parent) refuse(name, `stands on ${vlan.parent}, which the group hasn't got`);
    const tag = `${vlan.id}@${vlan.parent}`;
    if (known.has(tag)) refuse(name, `is VLAN ${vlan.id} on ${vlan.parent}, which ${known.get(tag) ?? ''} is already`);
    if (mtu !== null && parent?.mtu != null && mtu > parent.mtu) refuse(name, `has an MTU of ${mtu}, more than the ${parent.mtu} of ${vlan.parent}, on which it stands`);
    known.set(tag, name);
  }
}

function refuseOddBonds(byName: ReadonlyMap<string, GroupInterface>, refuse: Refuse): void {
  const bondOf = new Map<string, string>();
  for (const { name, bond } of byName.values()) {
    for (const member of bond?.members ?? []) {
      const other = byName.get(member);
      const bonded = bondOf.get(member);
      if (bonded !== undefined) refuse(name, `can't take ${member}: bond ${bonded} has it`);
      if (member === name || member === BMC || other?.bond || other?.vlan) refuse(name, `can't take ${member}: a bond is made of NICs`);
      if (other && (other.network ?? other.network6 ?? (other.dhcp || null)) !== null) refuse(name, `can't take ${member}, which has addresses of its own`);
      bondOf.set(member, name);
    }
  }
}
