import { isV6, type NetworkFile, networkFile, paramLines } from './file.ts';
import { formatIpv4, netmask } from '../ip.ts';
import { DATAGRAM_MTU, isInfiniband, type SystemLink } from './links.ts';

/** The folder of RedHat's network scripts, which NetworkManager's ifcfg-rh plugin reads as well. */
export const IFCFG_DIR = '/etc/sysconfig/network-scripts';

/** `ifcfg-` and `route-` files of RedHat 6 to 8 (sysconfig.txt of initscripts). */
export function ifcfgFiles(links: readonly SystemLink[]): NetworkFile[] {
  return links.flatMap((link) => [
    networkFile(`${IFCFG_DIR}/ifcfg-${link.device}`, lines(link)),
    ...routeFile(link, 'route', link.routes.filter(({ via }) => !isV6(via))),
    ...routeFile(link, 'route6', link.routes.filter(({ via }) => isV6(via))),
  ]);
}

function lines(link: SystemLink): string[] {
  const { device, mac, mtu, dns, search, bond, vlan, master, params } = link;
  return [
    `DEVICE=${device}`,
    `NAME=${device}`,
    'ONBOOT=yes',
    ...(mac === null ? [] : [`HWADDR=${mac}`]),
    ...(isInfiniband(link) ? ['TYPE=InfiniBand', `CONNECTED_MODE=${(mtu ?? 0) > DATAGRAM_MTU ? 'yes' : 'no'}`] : bond || vlan ? [] : ['TYPE=Ethernet']),
    ...(bond ? ['TYPE=Bond', 'BONDING_MASTER=yes', `BONDING_OPTS="mode=${bond.mode} miimon=100"`] : []),
    ...(vlan ? ['TYPE=Vlan', 'VLAN=yes', `PHYSDEV=${vlan.parent}`, `VLAN_ID=${vlan.id}`] : []),
    ...(mtu === null ? [] : [`MTU=${mtu}`]),
    ...(master === null ? [...ipv4(link), ...ipv6(link)] : ['BOOTPROTO=none', `MASTER=${master}`, 'SLAVE=yes']),
    ...dns.map((server, i) => `DNS${i + 1}=${server}`),
    ...(search.length === 0 ? [] : [`DOMAIN="${search.join(' ')}"`]),
    ...paramLines(params),
  ];
}

function ipv4({ addresses, gateways, dhcp4 }: SystemLink): string[] {
  const [ip, prefix] = (addresses.find((one) => !isV6(one)) ?? '').split('/');
  const gateway = gateways.find((one) => !isV6(one));
  return [
    `BOOTPROTO=${dhcp4 ? 'dhcp' : 'none'}`,
    ...(ip === undefined || ip === '' ? [] : [`IPADDR=${ip}`, `PREFIX=${prefix ?? ''}`, `NETMASK=${formatIpv4(netmask(Number(prefix)))}`]),
    ...(gateway === undefined ? [] : [`GATEWAY=${gateway}`]),
  ];
}

function ipv6({ addresses, gateways, dhcp6, device }: SystemLink): string[] {
  const address = addresses.find(isV6);
  const gateway = gateways.find(isV6);
  if (address === undefined && !dhcp6) return ['IPV6INIT=no'];
  return [
    'IPV6INIT=yes',
    `IPV6_AUTOCONF=${dhcp6 ? 'yes' : 'no'}`,
    ...(address === undefined ? [] : [`IPV6ADDR=${address}`]),
    // Only the device says which link a link-local router is on.
    ...(gateway === undefined ? [] : [`IPV6_DEFAULTGW=${gateway}${/^fe[89ab]/i.test(gateway) ? `%${device}` : ''}`]),
  ];
}

function routeFile({ device }: SystemLink, kind: string, routes: SystemLink['routes']): NetworkFile[] {
  if (routes.length === 0) return [];
  const line = ({ to, via, metric }: SystemLink['routes'][number]): string => `${to} via ${via} dev ${device}${metric === null ? '' : ` metric ${metric}`}`;
  return [networkFile(`${IFCFG_DIR}/${kind}-${device}`, routes.map(line))];
}
