import { BOOT_FIRMWARE } from './boot-files.ts';
import { DHCP_MARK } from './dhcp-mark.ts';
import type { DhcpPlan, DhcpSubnet } from './dhcp-plan.ts';

/**
 * iPXE names itself by user class, bare or with a length before it (RFC 3004 §4), and by sending its own options. The
 * name is compared with what an older or a renamed iPXE still sends: option 175.
 */
const IS_IPXE = "substring(option[77].hex,0,4) == 'iPXE' or substring(option[77].hex,1,4) == 'iPXE' or option[175].exists";

/** Option 175 with no-pxedhcp (176) = 1: without it iPXE waits for a ProxyDHCP server after the offer. */
const NO_PXEDHCP = { code: 175, space: 'dhcp4', 'csv-format': false, data: 'B00101' };

/** The configuration of Kea's DHCPv4 server (2.0 and later), as JSON. */
export function keaConfig(plan: DhcpPlan): string {
  const config = {
    Dhcp4: {
      'user-context': { comment: DHCP_MARK },
      'interfaces-config': { interfaces: ['*'] },
      'lease-database': { type: 'memfile', persist: true, 'lfc-interval': 3600 },
      'valid-lifetime': plan.leaseSeconds,
      'host-reservation-identifiers': ['hw-address'],
      // A node's cards share its address; while one has the lease, Kea gives the others one of the range.
      ...(plan.subnets.some(sharesAddress) ? { 'ip-reservations-unique': false } : {}),
      'client-classes': clientClasses(plan),
      subnet4: plan.subnets.map(subnet4),
    },
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function clientClasses({ nextServer, bootUrl }: DhcpPlan): object[] {
  const firmware = BOOT_FIRMWARE.filter(({ via }) => via === 'tftp').map(({ code, name, ladder }) => {
    const said = code === 0 ? `(option[93].hex == 0x0000 or not option[93].exists)` : `option[93].hex == 0x${code.toString(16).padStart(4, '0')}`;
    const test = `substring(option[60].hex,0,9) == 'PXEClient' and ${said} and not member('luna-ipxe')`;
    return { name: `luna-${name}`, test, 'next-server': nextServer, 'boot-file-name': ladder[0] };
  });
  return [{ name: 'luna-ipxe', test: IS_IPXE, 'next-server': nextServer, 'boot-file-name': bootUrl, 'option-data': [NO_PXEDHCP] }, ...firmware];
}

function subnet4(subnet: DhcpSubnet, index: number): object {
  const { network, prefix, ranges, gateway, dns, domain, reservations } = subnet;
  return {
    id: index + 1,
    subnet: `${network}/${prefix}`,
    'user-context': { comment: `network ${subnet.name}` },
    pools: ranges.map(({ first, last }) => ({ pool: `${first} - ${last}` })),
    'option-data': [
      ...(gateway === null ? [] : [{ name: 'routers', data: gateway }]),
      ...(dns.length === 0 ? [] : [{ name: 'domain-name-servers', data: dns.join(', ') }]),
      { name: 'domain-name', data: domain },
    ],
    reservations: reservations.map(({ mac, ip, hostname }) => ({ 'hw-address': mac, 'ip-address': ip, hostname })),
  };
}

function sharesAddress({ reservations }: DhcpSubnet): boolean {
  return new Set(reservations.map(({ ip }) => ip)).size < reservations.length;
}
