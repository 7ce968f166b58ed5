import * as z from 'zod';
import { storedSchema } from './objects.ts';

/** Servers beside ours: a handful at most. */
const servers = z.array(z.union([z.ipv4(), z.ipv6()])).max(16);

const port = z.number().int().min(1).max(65535);

/** The singleton named `general`: what holds for the whole site (luna-1 §2.2). */
export const clusterSchema = storedSchema.extend({
  /** What generated node names start with: with the digits behind it, it must be a name. */
  nodeprefix: z.string().regex(/^([A-Za-z0-9][A-Za-z0-9._-]{0,52})?$/, 'a prefix is up to 53 letters, digits, dots, dashes or underscores').default('node'),
  nodedigits: z.number().int().min(1).max(9).default(3),
  /** Frontend address: the controller's address on the provisioning network; null until it is set. */
  frontend_address: z.ipv4().nullable().default(null),
  frontend_port: port.default(7050),
  /** Seconds between a peer's announces, and the least it may wait. */
  tracker_interval: z.number().int().min(1).default(10),
  tracker_min_interval: z.number().int().min(1).default(5),
  tracker_maxpeers: z.number().int().min(1).default(200),
  /** What follows is Luna 1's; where luna has its own way the value is kept for the site's scripts (docs/luna-1.md). */
  path: z.string().regex(/^\//, 'a path starts with /').default('/opt/luna'),
  user: z.string().min(1).max(32).default('luna'),
  /** The scheme of the URLs given to nodes: for sites with an HTTPS proxy in front of the frontend port. */
  frontend_https: z.boolean().default(false),
  server_port: port.default(7051),
  torrent_listen_port_min: port.default(7052),
  torrent_listen_port_max: port.default(7200),
  torrent_pidfile: z.string().default('/run/luna/ltorrent.pid'),
  /** 0: one for each core. */
  lweb_num_proc: z.number().int().min(0).max(1024).default(0),
  lweb_pidfile: z.string().default('/run/luna/lweb.pid'),
  /** The controllers' own addresses when there are several. */
  cluster_ips: z.array(z.ipv4()).default([]),
  named_include_file: z.string().default('/etc/named.luna.zones'),
  named_zone_dir: z.string().default('/var/named'),
  /** Name servers that get the questions of the site's own networks about names that are not its own; none: such questions are refused. */
  dns_forwarders: servers.default([]),
  /** Name servers that may fetch the site's zones and are told when one changes; nobody else may. */
  dns_secondaries: servers.default([]),
  /** Id of the network makedhcp writes for; its range is the network's own. */
  dhcp_net: z.string().nullable().default(null),
});
export type Cluster = z.infer<typeof clusterSchema>;
