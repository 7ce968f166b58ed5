import { isV6, type NetworkFile, networkFile, paramLines } from './file.ts';
import type { SystemLink } from './links.ts';

/** Where ifupdown's main file looks for more. */
export const IFUPDOWN_DIR = '/etc/network/interfaces.d';

/** How a device gets addresses of one family, and the lines below it. */
type Stanza = [method: string, lines: string[]];

/**
 * One file for ifupdown: interfaces(5). Bonds and VLANs are made by `ip`, so that neither ifenslave nor vlan need be in
 * the image; members of a bond are looked after by it.
 */
export function ifupdownFiles(links: readonly SystemLink[]): NetworkFile[] {
  const stanzas = links.filter(({ master }) => master === null).flatMap((link) => ['', ...stanzasOf(link)]);
  return [networkFile(`${IFUPDOWN_DIR}/luna`, stanzas)];
}

function stanzasOf(link: SystemLink): string[] {
  const { addresses, device, dhcp4, params } = link;
  const [v4, v6] = [addresses.find((one) => !isV6(one)), addresses.find(isV6)];
  const inet: Stanza[] = dhcp4 ? [['inet dhcp', routing(link, false)]] : v4 === undefined ? [] : [['inet static', [`address ${v4}`, ...routing(link, false)]]];
  const inet6: Stanza[] = v6 === undefined ? [] : [['inet6 static', [`address ${v6}`, ...routing(link, true), 'accept_ra 0', 'autoconf 0']]];
  const [[method, options] = ['inet manual', ['up ip link set $IFACE up']], ...more]: Stanza[] = [...inet, ...inet6];
  const first: Stanza = [method, [...making(link), ...options, ...resolving(link), ...paramLines(params)]];
  return [`auto ${device}`, ...[first, ...more].flatMap(([how, lines]) => [`iface ${device} ${how}`, ...lines.map((line) => `    ${line}`)])];
}

/** Next hops of one family. */
function routing({ gateways, routes }: SystemLink, v6: boolean): string[] {
  const gateway = gateways.find((hop) => isV6(hop) === v6);
  const added = routes.filter(({ via }) => isV6(via) === v6);
  return [
    ...(gateway === undefined ? [] : [`gateway ${gateway}`]),
    ...added.map(({ to, via, metric }) => `post-up ip ${v6 ? '-6 ' : ''}route replace ${to} via ${via} dev $IFACE${metric === null ? '' : ` metric ${metric}`}`),
  ];
}

/** Before the device gets its addresses: it is there, and as large as it is to be. */
function making({ device, bond, vlan, mtu }: SystemLink): string[] {
  const there = `[ -e /sys/class/net/${device} ]`;
  return [
    ...(bond ? [`pre-up ${there} || ip link add ${device} type bond mode ${bond.mode} miimon 100`] : []),
    ...(bond?.members ?? []).map((member) => `pre-up ip link set ${member} down && ip link set ${member} master ${device}`),
    ...(vlan ? [`pre-up ip link set ${vlan.parent} up`, `pre-up ${there} || ip link add link ${vlan.parent} name ${device} type vlan id ${vlan.id}`] : []),
    ...(mtu === null ? [] : [`pre-up ip link set ${device} mtu ${mtu}`]),
    ...(bond !== null || vlan !== null ? [`post-down ip link delete ${device}`] : []),
  ];
}

/** For resolvconf, where there is one. */
function resolving({ dns, search }: SystemLink): string[] {
  return [...(dns.length === 0 ? [] : [`dns-nameservers ${dns.join(' ')}`]), ...(search.length === 0 ? [] : [`dns-search ${search.join(' ')}`])];
}
