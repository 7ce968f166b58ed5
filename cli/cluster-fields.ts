import { Flags } from '@oclif/core';
import { changesOf } from './changes.ts';
import { yesNo } from './yes-no.ts';

/** What can be said of the cluster beside its names and addresses (luna-1's fields among them, in both spellings). */
export const clusterFlags = {
  frontend_https: yesNo({ aliases: ['frontend-https'], summary: 'Nodes speak HTTPS to the controller.' }),
  server_port: Flags.integer({ aliases: ['server-port'], summary: "Port of the API on the controller itself.", min: 1, max: 65535 }),
  tracker_interval: Flags.integer({ aliases: ['tracker-interval'], summary: "Seconds between a peer's announces.", min: 1 }),
  tracker_min_interval: Flags.integer({ aliases: ['tracker-min-interval'], summary: 'Seconds a peer has to wait at least.', min: 1 }),
  tracker_maxpeers: Flags.integer({ aliases: ['tracker-maxpeers'], summary: 'Peers told in one answer at most.', min: 1 }),
  torrent_listen_port_min: Flags.integer({ aliases: ['torrent-listen-port-min'], summary: "First port of the seeder.", min: 1, max: 65535 }),
  torrent_listen_port_max: Flags.integer({ aliases: ['torrent-listen-port-max'], summary: "Last port of the seeder.", min: 1, max: 65535 }),
  torrent_pidfile: Flags.string({ aliases: ['torrent-pidfile'], summary: "Luna 1's pid file of the seeder.", helpValue: 'FILE' }),
  lweb_num_proc: Flags.integer({ aliases: ['lweb-num-proc'], summary: "Luna 1's number of web processes; 0: one for each core.", min: 0 }),
  lweb_pidfile: Flags.string({ aliases: ['lweb-pidfile'], summary: "Luna 1's pid file of the web server.", helpValue: 'FILE' }),
  cluster_ips: Flags.string({ aliases: ['cluster-ips'], summary: "The controllers' own addresses, a comma list; empty: one controller.", helpValue: 'IP,IP' }),
  named_include_file: Flags.string({ aliases: ['named-include-file'], summary: 'The file that named.conf includes; makedns writes it.', helpValue: 'FILE' }),
  named_zone_dir: Flags.string({ aliases: ['named-zone-dir'], summary: 'Where makedns writes zones.', helpValue: 'DIR' }),
  dns_forwarders: Flags.string({ aliases: ['dns-forwarders'], summary: 'Name servers asked about names that are not the site\'s, a comma list; empty: none are.', helpValue: 'IP,IP' }),
  dns_secondaries: Flags.string({ aliases: ['dns-secondaries'], summary: 'Name servers that may fetch the zones, and are told of changes, a comma list; empty: none.', helpValue: 'IP,IP' }),
  dhcp_net: Flags.string({ aliases: ['dhcp-net'], summary: 'The network that makedhcp serves; empty: none.', helpValue: 'NETWORK' }),
  user: Flags.string({ summary: "Luna 1's system user." }),
  path: Flags.string({ summary: 'Home of images on the controller.', helpValue: 'DIR' }),
};

/** The given flags as fields of the API. */
export function clusterFields({ cluster_ips, dns_forwarders, dns_secondaries, ...rest }: Partial<Record<'cluster_ips' | 'dns_forwarders' | 'dns_secondaries', string | undefined>>): Record<string, unknown> {
  const fields = changesOf(rest, ['frontend_address', 'dhcp_net']);
  for (const [name, text] of Object.entries({ cluster_ips, dns_forwarders, dns_secondaries })) {
    if (text !== undefined) fields[name] = text.split(',').map((ip) => ip.trim()).filter((ip) => ip !== '');
  }
  return fields;
}
