import type { Done } from '../domain/many.ts';
import { MANY_MS } from './api.ts';
import { forEachName, type Outcome, tellDone } from './batch.ts';
import { ChangingCommand } from './changing-command.ts';
import { type Kind, listArgs, listFlags, pathOf, selectObjects } from './object-selector.ts';

/** `luna KIND delete HOSTLIST`: refused, naming its dependants, for what is still used. Nodes go together: all of them or none. */
export abstract class DeleteCommand extends ChangingCommand {
  static override args = listArgs;
  static override flags = listFlags;

  protected abstract readonly kind: Kind;

  async run(): Promise<(Outcome<unknown> | Done)[]> {
    const { args, flags } = await this.parse(DeleteCommand);
    const names = this.kind === 'node' ? await this.nodes(args.name, flags.name) : selectObjects(this.kind, args.name, flags.name);
    if (this.kind === 'node' && names.length > 1) {
      return tellDone(this, await this.api<Done[]>('POST', '/api/v1/nodes/delete', { names }, { timeoutMs: MANY_MS }), (name) => `Deleted node ${name}.`);
    }
    return forEachName(this, names, async (name) => {
      const answer = await this.api<unknown>('DELETE', pathOf(this.kind, name));
      this.log(`Deleted ${this.kind} ${name}.`);
      return answer ?? {};
    });
  }
}
