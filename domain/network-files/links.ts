import type { GroupInterface } from '../group.ts';
import { BOOTIF } from '../node-network.ts';
import type { PlannedInterface } from '../planned-interfaces.ts';

/** The card a node booted from, as it calls it itself. `mac`: by which it is found again, null where that is no Ethernet address. */
export interface BootNic { device: string; mac: string | null }

/** A network device of the installed system: a card, a bond or a VLAN, with the devices it is made of by their own names. */
export interface SystemLink {
  /** luna's name of it. */
  name: string;
  /** The kernel's name of it. */
  device: string;
  /** A card that is known by its address and not by its name. */
  mac: string | null;
  /** `10.30.0.1/16`, `fd00:10::1/64`. */
  addresses: string[];
  /** Next hops of the default routes, one of a family at most. */
  gateways: string[];
  dhcp4: boolean;
  /** By router advertisement, and by DHCP where that says so. */
  dhcp6: boolean;
  dns: string[];
  search: string[];
  /** `to` is a network; `0.0.0.0/0` and `::/0` are the default. */
  routes: { to: string; via: string; metric: number | null }[];
  mtu: number | null;
  bond: GroupInterface['bond'];
  vlan: GroupInterface['vlan'];
  /** The bond it belongs to; it has no address of its own then. */
  master: string | null;
  params: string;
}

/** Whether a card is one of InfiniBand, by the names the kernel and udev give those. */
export const isInfiniband = ({ device, bond, vlan }: SystemLink): boolean => bond === null && vlan === null && /^ib/.test(device);

/** What IPoIB's datagram mode can carry at most (RFC 4391, 4096 less its header); more needs the connected mode. */
export const DATAGRAM_MTU = 4092;

/** The devices of a node in the order of its interfaces, the members of a bond behind it. */
export function systemLinks(planned: readonly PlannedInterface[], nic: BootNic): SystemLink[] {
  const device = deviceNames(planned, nic);
  const isCard = (name: string): boolean => !planned.some((one) => one.name === name && (one.bond ?? one.vlan) !== null);
  const macOf = (name: string): string | null => name === BOOTIF && isCard(name) ? nic.mac : null;
  return planned.flatMap((one): SystemLink[] => {
    const bond = one.bond && { ...one.bond, members: one.bond.members.map(device) };
    const vlan = one.vlan && { ...one.vlan, parent: device(one.vlan.parent) };
    const link = linkOf(one, { name: one.name, device: device(one.name), mac: macOf(one.name), bond, vlan, master: null });
    return [link, ...(one.bond?.members ?? []).map((member) => memberLink(member, device(member), macOf(member), link.device))];
  });
}

function linkOf(one: PlannedInterface, what: Pick<SystemLink, 'name' | 'device' | 'mac' | 'bond' | 'vlan' | 'master'>): SystemLink {
  const { ip, prefix, ip6, prefix6, gateway, gateway6, dhcp, dns, search, routes, mtu, params } = one;
  return {
    ...what,
    addresses: [...(ip === null ? [] : [`${ip}/${prefix ?? 32}`]), ...(ip6 === null ? [] : [`${ip6}/${prefix6 ?? 128}`])],
    gateways: [gateway, gateway6].filter((hop) => hop !== null),
    dhcp4: dhcp,
    dhcp6: dhcp && ip6 === null,
    dns,
    search,
    routes: routes.map(({ to, via, metric }) => ({ to: to === 'default' ? (via.includes(':') ? '::/0' : '0.0.0.0/0') : to, via, metric })),
    mtu,
    params,
  };
}

function memberLink(name: string, device: string, mac: string | null, master: string): SystemLink {
  const nothing = { addresses: [], gateways: [], dhcp4: false, dhcp6: false, dns: [], search: [], routes: [], mtu: null, params: '' };
  return { ...nothing, name, device, mac, bond: null, vlan: null, master };
}

/** What the kernel calls an interface. Where BOOTIF is made of other cards, it gets the usual name of such a device. */
function deviceNames(planned: readonly PlannedInterface[], nic: BootNic): (name: string) => string {
  const taken = new Set(planned.map(({ name }) => name));
  const boot = planned.find(({ name }) => name === BOOTIF);
  const free = Array.from({ length: taken.size + 1 }, (_, i) => `bond${i}`).find((name) => !taken.has(name)) ?? 'bond0';
  const bootDevice = boot?.bond ? free : boot?.vlan ? `vlan${boot.vlan.id}` : nic.device;
  return (name) => name === BOOTIF ? bootDevice : name;
}
