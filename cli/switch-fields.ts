import { Flags } from '@oclif/core';

/** What can be said of a switch, when it is added and later. */
export const switchFlags = {
  network: Flags.string({ char: 'N', summary: "The network of the switch's address." }),
  ip: Flags.string({ char: 'i', summary: 'Its address there.', helpValue: 'IP' }),
  read: Flags.string({ char: 'r', summary: 'SNMP community that may read (public).' }),
  oid: Flags.string({ char: 'o', summary: 'Table of learnt MACs (Q-BRIDGE, .1.3.6.1.2.1.17.7.1.2.2.1.2).', helpValue: 'OID' }),
  snmp_port: Flags.integer({ aliases: ['snmp-port'], summary: 'UDP port of its SNMP agent (161).', min: 1, max: 65535 }),
};
