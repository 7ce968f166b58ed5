import { Args, Errors, Flags } from '@oclif/core';
import { ChangingCommand } from './changing-command.ts';
import { type Kind, objectArgs, objectFlags, pathOf, selectObject } from './object-selector.ts';

/** The new name, positionally or as Luna 1 has it. */
export const newNameFlags = {
  newname: Flags.string({ aliases: ['nn'], summary: 'The new name, for those who write it as a flag.', helpValue: 'NEW' }),
};

/** `luna KIND rename NAME NEW`: references are by id, so nothing else changes. */
export abstract class RenameCommand extends ChangingCommand {
  static override args = { ...objectArgs, newname: Args.string({ description: 'its new name', ignoreStdin: true }) };
  static override flags = { ...objectFlags, ...newNameFlags };

  protected abstract readonly kind: Kind;

  async run(): Promise<object> {
    const { args, flags } = await this.parse(RenameCommand);
    // With -n NAME the one word that stands alone is the new name.
    const positional = flags.name !== undefined && args.newname === undefined ? { name: undefined, newname: args.name } : args;
    const name = selectObject(this.kind, positional.name, flags.name);
    const newname = positional.newname ?? flags.newname;
    if (newname === undefined || (positional.newname !== undefined && flags.newname !== undefined)) {
      throw new Errors.CLIError(`What is ${this.kind} ${name} to be called? luna ${this.kind} rename ${name} NEW`, { exit: 2 });
    }
    const renamed = await this.api<object>('PATCH', pathOf(this.kind, name), { name: newname });
    this.log(`Renamed ${this.kind} ${name} to ${newname}.`);
    return renamed;
  }
}
