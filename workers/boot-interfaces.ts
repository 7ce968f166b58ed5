import { networkInterfaces } from 'node:os';
import { contains, formatIpv4, parseIpv4 } from '../domain/ip.ts';
import { cidrOf, dynamicRange, isProvisioned } from '../domain/ip-pool.ts';
import type { Site } from '../domain/site.ts';
import type { ProvisioningInterface } from '../infra/boot/provisioning-interface.ts';

/** The devices of this machine that stand in a network declared for provisioning, as they are now. */
export function provisioningInterfaces(site: Site): ProvisioningInterface[] {
  const found: ProvisioningInterface[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const { address } of (addresses ?? []).filter((a) => a.family === 'IPv4')) {
      const network = [...site.networks.values()].find((n) => contains(cidrOf(n), parseIpv4(address)));
      if (network === undefined || !isProvisioned(network, site.cluster)) continue;
      const { base, prefix } = cidrOf(network);
      const range = dynamicRange(network);
      found.push({
        name,
        address,
        network: {
          id: network._id,
          base: formatIpv4(base),
          prefix,
          range: range === null ? null : { first: formatIpv4(base + range.start), last: formatIpv4(base + range.end) },
          gateway: network.gateway,
          dns: network.dns,
          domain: network.name,
        },
      });
    }
  }
  return found;
}
