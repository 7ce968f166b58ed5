import { isV6, type NetworkFile, networkFile, paramLines } from './file.ts';
import { DATAGRAM_MTU, isInfiniband, type SystemLink } from './links.ts';

/** The folder of NetworkManager's connections. It reads only what root alone can read. */
export const KEYFILE_DIR = '/etc/NetworkManager/system-connections';

/** Key files of NetworkManager, 1.10 and later: nm-settings-keyfile(5). Without a uuid it makes one of the file's name. */
export function keyfiles(links: readonly SystemLink[]): NetworkFile[] {
  return links.map((link) => networkFile(`${KEYFILE_DIR}/luna-${link.name}.nmconnection`, lines(link), '0600'));
}

function lines(link: SystemLink): string[] {
  const { name, device, mac, mtu, bond, vlan, master, params } = link;
  const type = bond ? 'bond' : vlan ? 'vlan' : isInfiniband(link) ? 'infiniband' : 'ethernet';
  const mode = type === 'infiniband' ? [`transport-mode=${(mtu ?? 0) > DATAGRAM_MTU ? 'connected' : 'datagram'}`] : [];
  const card = [...mode, ...(mac === null ? [] : [`mac-address=${mac}`]), ...(mtu === null ? [] : [`mtu=${mtu}`])];
  return [
    '[connection]',
    `id=luna-${name}`,
    `type=${type}`,
    ...(mac === null ? [`interface-name=${device}`] : []),
    // Before any profile NetworkManager makes up for a card by itself.
    'autoconnect-priority=10',
    ...(master === null ? [] : [`master=${master}`, 'slave-type=bond']),
    ...(card.length === 0 ? [] : [type === 'infiniband' ? '[infiniband]' : '[ethernet]', ...card]),
    ...(bond ? ['[bond]', `mode=${bond.mode}`, 'miimon=100'] : []),
    ...(vlan ? ['[vlan]', `id=${vlan.id}`, `parent=${vlan.parent}`] : []),
    ...(master === null ? [...ipv4(link), ...ipv6(link)] : []),
    ...paramLines(params),
  ];
}

function ipv4(link: SystemLink): string[] {
  const addresses = link.addresses.filter((one) => !isV6(one));
  if (addresses.length === 0 && !link.dhcp4) return ['[ipv4]', 'method=disabled'];
  return ['[ipv4]', `method=${link.dhcp4 ? 'auto' : 'manual'}`, ...family(link, addresses, (one) => !isV6(one)), ...search(link)];
}

/** `link-local`: no address of IPv6 but the card's own; older versions don't know `disabled`. */
function ipv6(link: SystemLink): string[] {
  const addresses = link.addresses.filter(isV6);
  if (addresses.length === 0 && !link.dhcp6) return ['[ipv6]', 'method=link-local'];
  const told = link.dhcp4 || addresses.length < link.addresses.length;
  return ['[ipv6]', `method=${link.dhcp6 ? 'auto' : 'manual'}`, ...family(link, addresses, isV6), ...(told ? [] : search(link))];
}

/** Addresses, name servers and routes of one family. */
function family(link: SystemLink, addresses: readonly string[], belongs: (address: string) => boolean): string[] {
  const gateway = link.gateways.find(belongs);
  const dns = link.dns.filter(belongs);
  return [
    ...addresses.map((address, i) => `address${i + 1}=${address}${i === 0 && gateway !== undefined ? `,${gateway}` : ''}`),
    ...(dns.length === 0 ? [] : [`dns=${dns.map((server) => `${server};`).join('')}`]),
    ...link.routes.filter(({ via }) => belongs(via)).map(({ to, via, metric }, i) => `route${i + 1}=${to},${via}${metric === null ? '' : `,${metric}`}`),
  ];
}

function search(link: SystemLink): string[] {
  return link.search.length === 0 ? [] : [`dns-search=${link.search.map((domain) => `${domain};`).join('')}`];
}
