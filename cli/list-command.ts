import { LunaCommand } from './base.ts';
import { type Kind, pathOf } from './object-selector.ts';
import { type Column, table } from './table.ts';

/** `luna KIND list`: one call, one table; `--json` gives the API's answer. */
export abstract class ListCommand<T extends object> extends LunaCommand {
  protected abstract readonly kind: Kind;
  protected abstract readonly columns: readonly Column<T>[];

  async run(): Promise<T[]> {
    await this.parse(ListCommand);
    const rows = await this.api<T[]>('GET', pathOf(this.kind));
    this.log(table(this.columns, rows));
    return rows;
  }
}
