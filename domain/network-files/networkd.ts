import { type NetworkFile, networkFile, paramLines } from './file.ts';
import type { SystemLink } from './links.ts';

/** The folder of systemd-networkd's own files. */
export const NETWORKD_DIR = '/etc/systemd/network';

/** Files of systemd-networkd, 245 and later: systemd.network(5), systemd.netdev(5). */
export function networkdFiles(links: readonly SystemLink[]): NetworkFile[] {
  return links.flatMap((link) => {
    const vlans = links.filter(({ vlan }) => vlan?.parent === link.device).map(({ device }) => device);
    const network = networkFile(`${NETWORKD_DIR}/10-luna-${link.name}.network`, networkLines(link, vlans));
    return link.bond === null && link.vlan === null ? [network] : [networkFile(`${NETWORKD_DIR}/10-luna-${link.name}.netdev`, netdevLines(link)), network];
  });
}

/** [Network] comes last: lines of an administrator without a section of their own belong to it. */
function networkLines(link: SystemLink, vlans: readonly string[]): string[] {
  const { addresses, gateways, dns, search, routes, mtu, dhcp4, dhcp6, master, params } = link;
  return [
    '[Match]',
    ...match(link),
    ...(mtu === null ? [] : ['[Link]', `MTUBytes=${mtu}`]),
    ...routes.flatMap(({ to, via, metric }) => ['[Route]', `Destination=${to}`, `Gateway=${via}`, ...(metric === null ? [] : [`Metric=${metric}`])]),
    '[Network]',
    ...(master === null ? [] : [`Bond=${master}`]),
    ...vlans.map((device) => `VLAN=${device}`),
    ...addresses.map((address) => `Address=${address}`),
    ...gateways.map((hop) => `Gateway=${hop}`),
    ...dns.map((server) => `DNS=${server}`),
    ...(search.length === 0 ? [] : [`Domains=${search.join(' ')}`]),
    ...(dhcp4 ? [`DHCP=${dhcp6 ? 'yes' : 'ipv4'}`] : []),
    ...(dhcp6 || master !== null ? [] : ['IPv6AcceptRA=no']),
    ...paramLines(params),
  ];
}

/** A bond gives its address to its members, so they are known by the one they were made with. */
function match({ mac, device, master }: SystemLink): string[] {
  if (mac === null) return [`Name=${device}`];
  return [`${master === null ? '' : 'Permanent'}MACAddress=${mac}`, 'Type=ether'];
}

function netdevLines({ device, bond, vlan }: SystemLink): string[] {
  if (bond !== null) return ['[NetDev]', `Name=${device}`, 'Kind=bond', '[Bond]', `Mode=${bond.mode}`, 'MIIMonitorSec=100ms'];
  return ['[NetDev]', `Name=${device}`, 'Kind=vlan', '[VLAN]', `Id=${vlan?.id ?? 0}`];
}
