import { Flags } from '@oclif/core';
import { LunaCommand } from './base.ts';
import { type Kind, objectArgs, objectFlags, pathOf, selectObject } from './object-selector.ts';
import { rawText } from './raw.ts';
import { properties } from './table.ts';

/** What may be shown instead of the table. */
export const showFlags = {
  raw: Flags.boolean({ char: 'R', summary: 'Show the stored document.' }),
  comment: Flags.boolean({ char: 'C', summary: 'Show the comment alone.', exclusive: ['raw'] }),
};

/** `luna KIND show NAME`: its properties as a table; `--raw` gives the stored document. */
export abstract class ShowCommand extends LunaCommand {
  static override args = objectArgs;
  static override flags = { ...objectFlags, ...showFlags };

  protected abstract readonly kind: Kind;
  /** Keys whose value names another object. */
  protected readonly references: readonly string[] = [];

  async run(): Promise<object> {
    const { args, flags } = await this.parse(ShowCommand);
    return this.show(selectObject(this.kind, args.name, flags.name), flags);
  }

  /** Fetches one object and prints what the flags ask for. */
  protected async show(name: string, flags: { raw: boolean; comment: boolean }): Promise<object> {
    const path = pathOf(this.kind, name);
    const object = await this.api<{ comment?: string }>('GET', flags.raw ? `${path}?raw=1` : path);
    this.log(flags.raw ? rawText(object) : flags.comment ? object.comment ?? '' : properties(this.shown(object), this.references));
    return object;
  }

  /** What people see of an object, by key. */
  protected shown(object: object): object {
    return object;
  }
}
