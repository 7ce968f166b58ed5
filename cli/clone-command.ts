import { Args, Errors, Flags } from '@oclif/core';
import { objectArgs, objectFlags, selectObject } from './object-selector.ts';

/** The name of the copy, positionally or as Luna 1 has it. */
export const cloneArgs = { ...objectArgs, to: Args.string({ description: 'name of the copy', ignoreStdin: true }) };
export const cloneFlags = { ...objectFlags, to: Flags.string({ char: 't', summary: 'Name of the copy, for those who write it as a flag.', helpValue: 'NEW' }) };

/** What is copied, and to which name. Throws a usage error when one of them is missing or said twice. */
export function cloneNames(kind: 'group' | 'osimage', args: { name?: string | undefined; to?: string | undefined }, flags: { name?: string | undefined; to?: string | undefined }): { name: string; to: string } {
  const positional = flags.name !== undefined && args.to === undefined ? { name: undefined, to: args.name } : args;
  const name = selectObject(kind, positional.name, flags.name);
  const to = positional.to ?? flags.to;
  if (to === undefined || (positional.to !== undefined && flags.to !== undefined)) throw new Errors.CLIError(`What is the copy of ${kind} ${name} to be called? luna ${kind} clone ${name} --to NEW`, { exit: 2 });
  return { name, to };
}
