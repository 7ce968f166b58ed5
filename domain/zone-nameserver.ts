import type { Cluster } from './cluster.ts';
import type { Network } from './network.ts';
import { holds, parseIp, subnetOf } from './subnet.ts';

/** What a zone's server is called when its network doesn't say. */
const USUAL_NAME = 'luna';

/** The server a network declares for its zone. */
export interface Nameserver {
  /** Relative to the zone; absolute when it has a dot. */
  host: string;
  /** Null when nothing says where it is. */
  address: string | null;
}

/** The declared name server of a network's zone; where it has no address, the controller's if that lies in the network. */
export function nameserverOf(network: Network, cluster: Cluster | null): Nameserver {
  return { host: network.ns_hostname ?? USUAL_NAME, address: network.ns_ip ?? frontendIn(network, cluster) };
}

/** Whether a server's name stands for itself and not below the zone. */
export const isAbsolute = (host: string): boolean => host.includes('.');

function frontendIn(network: Network, cluster: Cluster | null): string | null {
  const frontend = cluster?.frontend_address ?? null;
  return frontend !== null && holds(subnetOf(network), parseIp(frontend)) ? frontend : null;
}
