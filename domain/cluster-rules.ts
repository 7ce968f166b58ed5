import { offsetOf } from './addresses.ts';
import type { Cluster } from './cluster.ts';
import { LunaError } from './errors.ts';
import type { Network } from './network.ts';
import { holds, parseIp, subnetOf } from './subnet.ts';

/** Throws LunaError `invalid` when the settings of a cluster contradict each other, or when no host may have its frontend address. */
export function checkedCluster(cluster: Cluster, networks: Iterable<Network>): Cluster {
  const pairs = [['torrent_listen_port_min', 'torrent_listen_port_max'], ['tracker_min_interval', 'tracker_interval']] as const;
  for (const [least, most] of pairs) {
    if (cluster[least] > cluster[most]) throw new LunaError('invalid', `${least} ${cluster[least]} is more than ${most} ${cluster[most]}`, 'luna cluster show');
  }
  const { frontend_address: frontend } = cluster;
  for (const network of networks) if (frontend !== null && holds(subnetOf(network), parseIp(frontend))) offsetOf(network, frontend);
  return cluster;
}
