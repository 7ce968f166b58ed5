import { Flags } from '@oclif/core';
import { changesOf } from './changes.ts';
import { communityFlags, givenCommunity } from './password-input.ts';

/** What can be said of a switch, when it is added and later. */
export const switchFlags = {
  network: Flags.string({ char: 'N', summary: "The network of the switch's address." }),
  ip: Flags.string({ char: 'i', summary: 'Its address there.', helpValue: 'IP' }),
  ...communityFlags,
  oid: Flags.string({ char: 'o', summary: 'Table of learnt MACs (Q-BRIDGE, .1.3.6.1.2.1.17.7.1.2.2.1.2).', helpValue: 'OID' }),
  rw: Flags.string({ char: 'w', summary: 'SNMP community that may write. luna never writes: understood, not kept.', hidden: true }),
  snmp_port: Flags.integer({ aliases: ['snmp-port'], summary: 'UDP port of its SNMP agent (161).', min: 1, max: 65535 }),
};

/** The given flags as fields of the API, with the community from where it is. */
export async function switchFields(flags: Parameters<typeof givenCommunity>[0] & { rw?: string | undefined }): Promise<Record<string, unknown>> {
  const { 'read-file': _file, read: _read, rw: _rw, ...rest } = flags;
  const read = await givenCommunity(flags);
  return { ...changesOf(rest), ...(read === undefined ? {} : { read }) };
}
