import { Flags } from '@oclif/core';
import { changesOf } from './changes.ts';
import { givenPassword, passwordFlags } from './password-input.ts';

/** What can be said of a BMC setting, when it is added and later. */
export const bmcsetupFlags = {
  user: Flags.string({ char: 'u', summary: 'User name (ladmin).' }),
  ...passwordFlags,
  userid: Flags.integer({ char: 'I', summary: 'Slot of the user in the BMC (3).', min: 1, max: 63 }),
  netchannel: Flags.integer({ char: 'N', summary: 'Channel whose network is set up (1).', min: 0, max: 15 }),
  mgmtchannel: Flags.integer({ char: 'M', summary: 'Channel on which the user may log in (1).', min: 0, max: 15 }),
  cipher: Flags.integer({ summary: 'IPMI cipher suite: 17, or 3 for older BMCs.', min: 0, max: 17 }),
};

/** The given flags as fields of the API, with the password from where it is. */
export async function bmcsetupFields(flags: Parameters<typeof givenPassword>[0]): Promise<Record<string, unknown>> {
  const { 'password-file': _file, password: _password, ...rest } = flags;
  const password = await givenPassword(flags);
  return { ...changesOf(rest), ...(password === undefined ? {} : { password }) };
}
