import { Errors, Flags } from '@oclif/core';

/** What can be said of a device, when it is added and later. */
export const otherdevFlags = {
  network: Flags.string({ char: 'N', summary: 'A network it stands in.' }),
  ip: Flags.string({ char: 'i', summary: "Its address there; empty: it leaves that network. Without it the next free one.", helpValue: 'IP', dependsOn: ['network'] }),
};

/** The given flags as fields of the API. Throws a usage error for an address without its network. */
export function otherdevFields({ network, ip }: { network?: string | undefined; ip?: string | undefined }): Record<string, unknown> {
  if (network === '') throw new Errors.CLIError('Name the network: -N NETWORK.', { exit: 2 });
  return { ...(network === undefined ? {} : { network }), ...(ip === undefined ? {} : { ip: ip === '' ? null : ip }) };
}
