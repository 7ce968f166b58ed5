import * as z from 'zod';
import type { Lease } from './lease.ts';
import type { Network } from './network.ts';
import type { Site } from './site.ts';

/** A dynamic address that a machine has now. */
export const leaseViewSchema = z.object({
  ip: z.string(),
  mac: z.string(),
  network: z.string(),
  /** The node that has this MAC now; null for an unknown machine. */
  node: z.string().nullable(),
  /** ISO 8601. */
  since: z.string(),
  expires: z.string(),
});
export type LeaseView = z.infer<typeof leaseViewSchema>;

/** The leases of a network that hold at `now` (ISO 8601), lowest address first. `leases`: the newest of each address. */
export function leaseViews(site: Site, network: Network, leases: readonly Lease[], now: string): LeaseView[] {
  const order = (ip: string): number => ip.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return leases.filter((lease) => lease.networkId === network._id && lease.expires > now && lease.expires > lease.at)
    .map(({ ip, mac, at, expires }) => ({ ip, mac, network: network.name, node: site.nodes.get(site.macs.get(mac) ?? '')?.name ?? null, since: at, expires }))
    .sort((a, b) => order(a.ip) - order(b.ip));
}
