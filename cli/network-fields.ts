import { Errors, Flags } from '@oclif/core';
import { DHCP_MODES } from '../domain/network.ts';
import { bootFields, bootFlags } from './boot-fields.ts';
import { changesOf } from './changes.ts';
import { yesNo } from './yes-no.ts';

/** What can be said of a network, when it is added and later. */
export const networkFlags = {
  network: Flags.string({ char: 'N', summary: 'An address of the network, IPv4 or IPv6, or address/prefix.', helpValue: 'IP[/PREFIX]' }),
  prefix: Flags.integer({ char: 'P', summary: 'Length of the prefix: 1 to 30, of IPv6 to 126.', min: 1, max: 126 }),
  gateway: Flags.string({ char: 'g', summary: 'Default gateway of the nodes; empty: none.', helpValue: 'IP' }),
  dns: Flags.string({ summary: 'Name servers of the nodes, a comma list; empty: none.', helpValue: 'IP,IP' }),
  search: Flags.string({ summary: 'Domains in which nodes look for short names, a comma list; empty: none.', helpValue: 'DOMAIN,DOMAIN' }),
  mtu: Flags.string({ summary: 'Bytes of a packet; empty: what the NIC has.', helpValue: 'BYTES' }),
  provision: yesNo({ summary: 'Whether boot services answer here; without it they do where the frontend address lies.' }),
  ns_hostname: Flags.string({ aliases: ['ns-hostname'], summary: "Host name of the zone's name server." }),
  ns_ip: Flags.string({ aliases: ['ns-ip'], summary: "Address of the zone's name server.", helpValue: 'IP' }),
  dhcp_start: Flags.string({ char: 's', aliases: ['dhcp-start'], summary: 'First address for machines without a reservation.', helpValue: 'IP' }),
  dhcp_end: Flags.string({ char: 'e', aliases: ['dhcp-end'], summary: 'Last address for machines without a reservation.', helpValue: 'IP' }),
  dhcp: Flags.string({ options: DHCP_MODES, summary: 'serve: addresses and boot files; proxy: boot files alone, beside another DHCP server; off: no DHCP.' }),
  'ignore-unknown': yesNo({ aliases: ['ignore_unknown'], summary: 'Answer nothing to machines that are no node.' }),
  ...bootFlags,
};

/** Addresses to be set aside and given back; both may be repeated, and name ranges. */
export const reserveFlags = {
  reserve: Flags.string({ char: 'R', summary: 'Set an address or a range aside: no node gets it.', multiple: true, multipleNonGreedy: true, helpValue: 'IP[-IP]' }),
  release: Flags.string({ summary: 'Give back what was set aside.', multiple: true, multipleNonGreedy: true, helpValue: 'IP[-IP]' }),
};

const NULLABLE = ['gateway', 'ns_hostname', 'ns_ip', 'dhcp_start', 'dhcp_end'];

interface Given { network?: string | undefined; dns?: string | undefined; search?: string | undefined; mtu?: string | undefined; reserve?: string[] | undefined; release?: string[] | undefined; bootfile?: string | undefined; ipxe?: string | undefined; 'dhcp-option'?: string[] | undefined }

/** The given flags as fields of the API. Throws a usage error for a prefix or an MTU that is none. */
export function networkFields(flags: Given): Record<string, unknown> {
  const { network, dns, search, mtu, reserve, release, bootfile, ipxe, 'dhcp-option': options, ...rest } = flags;
  const fields = { ...changesOf(rest, NULLABLE), ...bootFields({ bootfile, ipxe, 'dhcp-option': options }) };
  if (dns !== undefined) fields['dns'] = listOf(dns);
  if (search !== undefined) fields['search'] = listOf(search);
  if (mtu !== undefined) fields['mtu'] = mtu === '' ? null : number(mtu, 'bytes');
  if (reserve !== undefined) fields['reserve'] = reserve.map((ip) => ({ ip }));
  if (release !== undefined) fields['release'] = release;
  if (network === undefined) return fields;
  const [address, prefix, ...more] = network.split('/');
  if (more.length > 0) throw new Errors.CLIError(`Expected address/prefix, not ${network}.`, { exit: 2 });
  return { ...fields, network: address, ...(prefix === undefined ? {} : { prefix: number(prefix, 'address/prefix') }) };
}

function listOf(text: string): string[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '');
}

function number(text: string, what: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new Errors.CLIError(`Expected ${what}, not ${JSON.stringify(text)}.`, { exit: 2 });
  return Number(text);
}
