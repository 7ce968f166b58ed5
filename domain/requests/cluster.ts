import * as z from 'zod';
import { clusterSchema } from '../cluster.ts';
import { revisionOf } from './revision.ts';

const fields = clusterSchema.shape;

/** `POST /cluster`. */
export const newClusterSchema = z.strictObject({
  frontend_address: z.ipv4().nullable().optional(),
  nodeprefix: fields.nodeprefix.unwrap().optional(),
  nodedigits: fields.nodedigits.unwrap().optional(),
  user: fields.user.unwrap().optional(),
  path: fields.path.unwrap().optional(),
});
export type NewCluster = z.infer<typeof newClusterSchema>;

/** `PATCH /cluster`. */
export const clusterChangesSchema = newClusterSchema.extend({
  rev: revisionOf,
  frontend_port: fields.frontend_port.unwrap().optional(),
  tracker_interval: fields.tracker_interval.unwrap().optional(),
  tracker_min_interval: fields.tracker_min_interval.unwrap().optional(),
  tracker_maxpeers: fields.tracker_maxpeers.unwrap().optional(),
  frontend_https: z.boolean().optional(),
  server_port: fields.server_port.unwrap().optional(),
  torrent_listen_port_min: fields.torrent_listen_port_min.unwrap().optional(),
  torrent_listen_port_max: fields.torrent_listen_port_max.unwrap().optional(),
  torrent_pidfile: fields.torrent_pidfile.unwrap().optional(),
  lweb_num_proc: fields.lweb_num_proc.unwrap().optional(),
  lweb_pidfile: fields.lweb_pidfile.unwrap().optional(),
  cluster_ips: fields.cluster_ips.unwrap().optional(),
  named_include_file: fields.named_include_file.unwrap().optional(),
  named_zone_dir: fields.named_zone_dir.unwrap().optional(),
  dns_forwarders: fields.dns_forwarders.unwrap().optional(),
  dns_secondaries: fields.dns_secondaries.unwrap().optional(),
  /** A network's name. */
  dhcp_net: z.string().nullable().optional(),
  comment: z.string().optional(),
});
export type ClusterChanges = z.infer<typeof clusterChangesSchema>;
