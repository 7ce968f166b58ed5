import { Errors, Flags } from '@oclif/core';

/** Luna 1's way to set a switch: `--service y`. */
export const yesNo = Flags.custom<boolean>({
  helpValue: 'y|n',
  parse: (input) => Promise.resolve(parseYesNo(input)),
});

/** `y yes n no`, in any case. Throws a usage error for anything else. */
export function parseYesNo(text: string): boolean {
  const word = text.toLowerCase();
  if (word === 'y' || word === 'yes') return true;
  if (word === 'n' || word === 'no') return false;
  throw new Errors.CLIError(`Expected y, yes, n or no, not ${JSON.stringify(text)}.`, { exit: 2 });
}
