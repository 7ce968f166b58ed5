import { isV6, type NetworkFile, networkFile, paramLines } from './file.ts';
import type { SystemLink } from './links.ts';

/** The folder of netplan's files; the last in the order of their names wins. */
export const NETPLAN_DIR = '/etc/netplan';

/** One file for netplan. Which program carries it out (networkd, NetworkManager) stays what the image says. */
export function netplanFiles(links: readonly SystemLink[]): NetworkFile[] {
  const sections: [string, (link: SystemLink) => boolean][] = [
    ['ethernets', ({ bond, vlan }) => bond === null && vlan === null],
    ['bonds', ({ bond }) => bond !== null],
    ['vlans', ({ vlan }) => vlan !== null],
  ];
  const body = sections.flatMap(([section, belongs]) => {
    const found = links.filter(belongs);
    return found.length === 0 ? [] : [`  ${section}:`, ...found.flatMap(device)];
  });
  return [networkFile(`${NETPLAN_DIR}/90-luna.yaml`, ['network:', '  version: 2', ...body], '0600')];
}

/** By the device's own name, a card of the boot too: what another file of the image says of it is overridden, not added. */
function device(link: SystemLink): string[] {
  const { mac, addresses, gateways, dns, search, mtu, dhcp4, dhcp6, bond, vlan, params } = link;
  const routes = [...gateways.map((via) => ({ to: isV6(via) ? '::/0' : '0.0.0.0/0', via, metric: null })), ...link.routes];
  const lines = [
    ...(mac === null ? [] : ['match:', `  macaddress: ${text(mac)}`]),
    ...(bond ? [`interfaces: ${list(bond.members)}`, 'parameters:', `  mode: ${text(bond.mode)}`, '  mii-monitor-interval: 100'] : []),
    ...(vlan ? [`id: ${vlan.id}`, `link: ${text(vlan.parent)}`] : []),
    `dhcp4: ${dhcp4}`,
    `dhcp6: ${dhcp6}`,
    `accept-ra: ${dhcp6}`,
    ...(addresses.length === 0 ? [] : [`addresses: ${list(addresses)}`]),
    ...(mtu === null ? [] : [`mtu: ${mtu}`]),
    ...(dns.length + search.length === 0 ? [] : ['nameservers:', ...(dns.length === 0 ? [] : [`  addresses: ${list(dns)}`]), ...(search.length === 0 ? [] : [`  search: ${list(search)}`])]),
    ...(routes.length === 0 ? [] : ['routes:', ...routes.flatMap(({ to, via, metric }) => [`  - to: ${text(to)}`, `    via: ${text(via)}`, ...(metric === null ? [] : [`    metric: ${metric}`])])]),
    ...paramLines(params),
  ];
  return [`    ${text(link.device)}:`, ...lines.map((line) => `      ${line}`)];
}

/** YAML takes JSON's strings and lists as they are. */
const text = (word: string): string => JSON.stringify(word);
const list = (words: readonly string[]): string => `[${words.map(text).join(', ')}]`;
