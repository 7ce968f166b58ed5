import { networkInterfaces } from 'node:os';
import { bootSettingsOf } from '../domain/boot-settings.ts';
import { contains, formatIpv4, isIpv4, parseIpv4 } from '../domain/ip.ts';
import { cidrOf, dynamicRange, isProvisioned } from '../domain/ip-pool.ts';
import type { Network } from '../domain/network.ts';
import { versionOf } from '../domain/subnet.ts';
import type { Site } from '../domain/site.ts';
import type { ProvisioningInterface, ProvisioningNetwork } from '../infra/boot/provisioning-interface.ts';
import { bootWishes } from './boot-wishes.ts';

/**
 * The devices of this machine that stand in a network declared for provisioning, as they are now. Where a network names no
 * name server and luna answers names (`servesDns`), machines are told this machine.
 */
export function provisioningInterfaces(site: Site, servesDns: boolean): ProvisioningInterface[] {
  const found: ProvisioningInterface[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address } of (addresses ?? []).filter((a) => a.family === 'IPv4')) {
      const network = [...site.networks.values()].find((n) => versionOf(n) === 4 && contains(cidrOf(n), parseIpv4(address)));
      if (network === undefined || !isProvisioned(network, site.cluster)) continue;
      found.push({ name, address, network: provisioned(network, servesDns ? address : null) });
    }
  }
  return found;
}

/** The networks declared for provisioning that no device of this machine stands in: their machines come through a relay. */
export function relayedNetworks(site: Site, servesDns: boolean): ProvisioningNetwork[] {
  const near = new Set(provisioningInterfaces(site, servesDns).map(({ network }) => network.id));
  const far = [...site.networks.values()].filter((n) => versionOf(n) === 4 && isProvisioned(n, site.cluster) && !near.has(n._id));
  return far.map((network) => provisioned(network, servesDns ? site.cluster?.frontend_address ?? null : null));
}

/** `nameServer`: what machines are told where the network names none. */
function provisioned(network: Network, nameServer: string | null): ProvisioningNetwork {
  const { base, prefix } = cidrOf(network);
  const range = dynamicRange(network);
  const dns = network.dns.filter(isIpv4);
  return {
    id: network._id,
    base: formatIpv4(base),
    prefix,
    range: range === null ? null : { first: formatIpv4(base + range.start), last: formatIpv4(base + range.end) },
    gateway: network.gateway,
    dns: dns.length === 0 && nameServer !== null && isIpv4(nameServer) ? [nameServer] : dns,
    domain: network.name,
    search: network.search,
    mtu: network.mtu,
    dhcp: network.dhcp,
    ignoreUnknown: network.ignore_unknown,
    boot: bootWishes(bootSettingsOf(network, null, null)),
  };
}
