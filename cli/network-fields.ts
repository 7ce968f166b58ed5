import { Errors, Flags } from '@oclif/core';
import { changesOf } from './changes.ts';
import { yesNo } from './yes-no.ts';

/** What can be said of a network, when it is added and later. */
export const networkFlags = {
  network: Flags.string({ char: 'N', summary: 'An address of the network, or address/prefix.', helpValue: 'IP[/PREFIX]' }),
  prefix: Flags.integer({ char: 'P', summary: 'Length of the prefix.', min: 1, max: 30 }),
  gateway: Flags.string({ char: 'g', summary: 'Default gateway of the nodes; empty: none.', helpValue: 'IP' }),
  dns: Flags.string({ summary: 'Name servers of the nodes, a comma list; empty: none.', helpValue: 'IP,IP' }),
  provision: yesNo({ summary: 'Whether boot services answer here; without it they do where the frontend address lies.' }),
  ns_hostname: Flags.string({ aliases: ['ns-hostname'], summary: "Host name of the zone's name server." }),
  ns_ip: Flags.string({ aliases: ['ns-ip'], summary: "Address of the zone's name server.", helpValue: 'IP' }),
  dhcp_start: Flags.string({ char: 's', aliases: ['dhcp-start'], summary: 'First address for machines without a reservation.', helpValue: 'IP' }),
  dhcp_end: Flags.string({ char: 'e', aliases: ['dhcp-end'], summary: 'Last address for machines without a reservation.', helpValue: 'IP' }),
};

const NULLABLE = ['gateway', 'ns_hostname', 'ns_ip', 'dhcp_start', 'dhcp_end'];

/** The given flags as fields of the API. Throws a usage error for a prefix that is none. */
export function networkFields(flags: { network?: string | undefined; dns?: string | undefined }): Record<string, unknown> {
  const { network, dns, ...rest } = flags;
  const fields = changesOf(rest, NULLABLE);
  if (dns !== undefined) fields['dns'] = dns.split(',').map((ip) => ip.trim()).filter((ip) => ip !== '');
  if (network === undefined) return fields;
  const [address, prefix, ...more] = network.split('/');
  if (prefix !== undefined && (!/^\d{1,2}$/.test(prefix) || more.length > 0)) throw new Errors.CLIError(`Expected address/prefix, not ${network}.`, { exit: 2 });
  return { ...fields, network: address, ...(prefix === undefined ? {} : { prefix: Number(prefix) }) };
}
