import { BOOT_FIRMWARE, firmwareOf } from './boot-files.ts';
import { DHCP_MARK } from './dhcp-mark.ts';
import type { DhcpPlan, DhcpReservation, DhcpSubnet } from './dhcp-plan.ts';

/** The configuration of ISC's dhcpd (4.1 and later). */
export function iscConfig(plan: DhcpPlan): string {
  const { nextServer, bootUrl, leaseSeconds } = plan;
  const firmware = BOOT_FIRMWARE.filter(({ code, via }) => code !== 0 && via === 'tftp').map(({ code, ladder }) => [
    `} elsif substring(option vendor-class-identifier, 0, 9) = "PXEClient" and option architecture = ${word(code)} {`,
    `  filename "${ladder[0]}";`,
  ].join('\n'));
  const bios = firmwareOf(0)?.ladder[0] ?? '';
  return `# ${DHCP_MARK}
authoritative;
ddns-update-style none;
default-lease-time ${leaseSeconds};
max-lease-time ${leaseSeconds};

# RFC 4578
option architecture code 93 = unsigned integer 16;
# iPXE's own options; without no-pxedhcp it waits for a ProxyDHCP server after the offer.
option space ipxe;
option ipxe.no-pxedhcp code 176 = unsigned integer 8;
option ipxe-options code 175 = encapsulate ipxe;

if option user-class = "iPXE" or suffix(option user-class, 4) = "iPXE" or exists ipxe-options {
  filename ${quoted(bootUrl)};
  option ipxe.no-pxedhcp 1;
${firmware.join('\n')}
} elsif substring(option vendor-class-identifier, 0, 9) = "PXEClient" and (not exists architecture or option architecture = 00:00) {
  filename "${bios}";
}

${plan.subnets.map((subnet) => subnetText(subnet, nextServer)).join('\n')}
${plan.subnets.flatMap(({ name, reservations }) => reservations.map((one, index) => host(name, one, index))).join('')}`;
}

function subnetText({ name, network, netmask, ranges, gateway, dns, domain }: DhcpSubnet, nextServer: string): string {
  const lines = [
    `# network ${name}`,
    `subnet ${network} netmask ${netmask} {`,
    `  next-server ${nextServer};`,
    ...ranges.map(({ first, last }) => `  range ${first} ${last};`),
    ...(gateway === null ? [] : [`  option routers ${gateway};`]),
    ...(dns.length === 0 ? [] : [`  option domain-name-servers ${dns.join(', ')};`]),
    `  option domain-name ${quoted(domain)};`,
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** Hosts hold for all subnets; dhcpd picks the address that fits where a machine asks. The declaration's own name must be unique. */
function host(network: string, { mac, ip, hostname }: DhcpReservation, index: number): string {
  return `host ${network}-${hostname}-${index + 1} { hardware ethernet ${mac}; fixed-address ${ip}; option host-name ${quoted(hostname)}; }\n`;
}

/** A number as dhcpd compares it with an option: its two bytes. */
const word = (code: number): string => `00:${code.toString(16).padStart(2, '0')}`;

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
