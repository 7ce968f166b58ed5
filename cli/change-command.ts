import { Errors, Flags } from '@oclif/core';
import { LunaCommand } from './base.ts';
import { type Kind, pathOf } from './object-selector.ts';
import { readText } from './text-input.ts';

/** The comment of an object is a text like a script is. */
export const commentFlags = {
  comment: Flags.boolean({ char: 'C', summary: 'Edit the comment: stdin, or $EDITOR on a terminal.' }),
  file: Flags.string({ summary: 'Take the text from this file instead; - is stdin.', helpValue: 'FILE' }),
};

/** `luna KIND change NAME`: the given fields, and texts from stdin, a file or an editor, as one PATCH. */
export abstract class ChangeCommand extends LunaCommand {
  protected abstract readonly kind: Kind;

  /** Changes one object, in several calls where `more` asks for it; returns what it is now. Throws a usage error when there is nothing to change. */
  protected async change<T>(name: string, fields: object, ...more: object[]): Promise<T> {
    if (Object.keys(fields).length === 0) throw new Errors.CLIError(`What is to be changed of ${this.kind} ${name}? See: luna ${this.kind} change --help`, { exit: 2 });
    let changed = await this.api<T>('PATCH', pathOf(this.kind, name), fields);
    for (const next of more) changed = await this.api<T>('PATCH', pathOf(this.kind, name), next);
    this.log(`Changed ${this.kind} ${name}.`);
    return changed;
  }

  /** `{comment: …}` when it is to be edited, as typed now. */
  protected commentField(name: string, flags: { comment: boolean; file?: string | undefined }): Promise<Record<string, string>> {
    return flags.comment ? this.textField(name, 'comment', flags.file) : Promise.resolve({});
  }

  /** One text of the object as a field to change. */
  protected async textField(name: string, field: string, file: string | undefined): Promise<Record<string, string>> {
    const current = async (): Promise<string> => (await this.api<Record<string, string | undefined>>('GET', pathOf(this.kind, name)))[field] ?? '';
    return { [field]: await readText({ what: `${field} of ${this.kind} ${name}`, file, current }) };
  }
}
