import { Flags } from '@oclif/core';
import { LunaCommand } from './base.ts';
import { type Kind, objectArgs, objectFlags, pathOf, selectObject } from './object-selector.ts';
import { csvText, type Format, yamlText } from './output/formats.ts';
import { showOutput } from './output/output-flags.ts';
import { rawText } from './raw.ts';
import { properties } from './table.ts';

/** What may be shown instead of the table. */
export const showFlags = {
  raw: Flags.boolean({ char: 'R', summary: 'Show the stored document.' }),
  comment: Flags.boolean({ char: 'C', summary: 'Show the comment alone.', exclusive: ['raw'] }),
};

/** The flags that choose how one object is shown. */
export interface ShowChoice { raw: boolean; comment: boolean; output?: Format | undefined }

/** `luna KIND show NAME`: its properties as a table; `--raw` gives the stored document. */
export abstract class ShowCommand extends LunaCommand {
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...showFlags, ...showOutput };

  protected abstract readonly kind: Kind;
  /** Keys whose value names another object. */
  protected readonly references: readonly string[] = [];

  async run(): Promise<object> {
    const { args, flags } = await this.parse(ShowCommand);
    return this.show(selectObject(this.kind, args.name, flags.name), flags);
  }

  /** Fetches one object and prints what the flags ask for. */
  protected async show(name: string, flags: ShowChoice): Promise<object> {
    const path = pathOf(this.kind, name);
    const object = await this.api<{ comment?: string }>('GET', flags.raw ? `${path}?raw=1` : path);
    this.log(await objectText(object, flags, () => properties(this.shown(object), this.references)));
    return object;
  }

  /** What people see of an object, by key. */
  protected shown(object: object): object {
    return object;
  }
}

/** The text of one object, as asked for; `forPeople` makes the table. */
export async function objectText(object: { comment?: string; name?: string }, flags: ShowChoice, forPeople: () => string): Promise<string> {
  if (flags.raw) return rawText(object);
  if (flags.comment) return object.comment ?? '';
  switch (flags.output) {
    case 'yaml': return yamlText(object);
    case 'csv': return csvText(Object.keys(object), [Object.values(object)]);
    case 'name': return object.name ?? '';
    default: return forPeople();
  }
}
