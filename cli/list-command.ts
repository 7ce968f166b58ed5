import { Flags } from '@oclif/core';
import { LunaCommand } from './base.ts';
import { type Kind, pathOf } from './object-selector.ts';
import { type ListOutput, listOutput } from './output/output-flags.ts';
import { type Layout, listText, rowData, selectRows } from './output/rows.ts';
import { rawText } from './raw.ts';
import type { Column } from './table.ts';

/** `--raw` of a list. */
export const rawFlag = { raw: Flags.boolean({ char: 'R', summary: 'The stored documents, as JSON.', helpGroup: 'OUTPUT', exclusive: ['output'] }) };

/** A command that prints rows: `-o`, `--columns`, `--sort` and `--where` work on all of them alike. */
export abstract class RowsCommand extends LunaCommand {
  /** Prints what the flags ask for of these rows, and returns what `--json` shows. */
  protected async printRows<T>(rows: readonly T[], layout: Layout<T>, options: ListOutput): Promise<unknown[]> {
    const selected = selectRows(rows, layout, options);
    if (this.jsonEnabled()) return rowData(selected, layout, options);
    const text = await listText(selected, layout, options);
    if (text !== '') this.log(text);
    return selected;
  }
}

/** `luna KIND list`: one call, one table. */
export abstract class ListCommand<T extends object> extends RowsCommand {
  static override flags = { ...listOutput, ...rawFlag };

  protected abstract readonly kind: Kind;
  protected abstract readonly columns: readonly Column<T>[];
  /** What `-o wide` shows besides. */
  protected readonly wide: readonly Column<T>[] = [];

  async run(): Promise<unknown[]> {
    const { flags } = await this.parse(ListCommand);
    if (flags.raw) return this.printRaw(flags);
    return this.printRows(await this.api<T[]>('GET', pathOf(this.kind)), { columns: this.columns, wide: this.wide }, flags);
  }

  /** The stored documents, selected like rows. */
  protected async printRaw(options: ListOutput): Promise<unknown[]> {
    const layout = { columns: [] };
    const documents = rowData(selectRows(await this.api<object[]>('GET', `${pathOf(this.kind)}?raw=1`), layout, options), layout, options);
    this.log(rawText(documents));
    return documents;
  }
}
