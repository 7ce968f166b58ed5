import { LunaCommand } from './base.ts';
import { forEachName, results } from './batch.ts';
import { type Kind, listArgs, listFlags, pathOf, selectObjects } from './object-selector.ts';
import { showOutput } from './output/output-flags.ts';
import { objectText, showFlags } from './show-command.ts';
import { properties } from './table.ts';

/** `luna KIND show HOSTLIST`: like `ShowCommand`, of several objects. */
export abstract class ShowListCommand extends LunaCommand {
  static override args = listArgs;
  static override flags = { ...listFlags, ...showFlags, ...showOutput };

  protected abstract readonly kind: Kind;
  /** Keys whose value names another object. */
  protected readonly references: readonly string[] = [];

  async run(): Promise<object[]> {
    const { args, flags } = await this.parse(ShowListCommand);
    return results(await forEachName(this, selectObjects(this.kind, args.name, flags.name), async (name) => {
      const path = pathOf(this.kind, name);
      const object = await this.api<object>('GET', flags.raw ? `${path}?raw=1` : path);
      this.log(await objectText(object, flags, () => properties(this.shown(object), this.references)));
      return object;
    }));
  }

  /** What people see of an object, by key. */
  protected shown(object: object): object {
    return object;
  }
}
