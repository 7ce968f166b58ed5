import { LunaCommand } from './base.ts';
import { forEachName, type Outcome } from './batch.ts';
import { type Kind, listArgs, listFlags, pathOf, selectObjects } from './object-selector.ts';

/** `luna KIND delete HOSTLIST`: refused, naming its dependants, for what is still used. */
export abstract class DeleteCommand extends LunaCommand {
  static override args = listArgs;
  static override flags = listFlags;

  protected abstract readonly kind: Kind;

  async run(): Promise<Outcome<unknown>[]> {
    const { args, flags } = await this.parse(DeleteCommand);
    return forEachName(this, selectObjects(this.kind, args.name, flags.name), async (name) => {
      const answer = await this.api<unknown>('DELETE', pathOf(this.kind, name));
      this.log(`Deleted ${this.kind} ${name}.`);
      return answer ?? {};
    });
  }
}
