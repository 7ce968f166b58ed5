import { Errors, Flags } from '@oclif/core';
import { LunaError } from '../domain/errors.ts';
import type { Done } from '../domain/many.ts';
import { MANY_MS } from './api.ts';
import { forEachName, results, tellDone } from './batch.ts';
import { ChangingCommand } from './changing-command.ts';
import { type Kind, pathOf } from './object-selector.ts';
import { givenText, keepText, readText, type TextFlags, textFlags } from './text-input.ts';

/** The comment of an object is a text like a script is. */
export const commentFlags = {
  comment: Flags.boolean({ char: 'C', summary: 'Edit the comment: stdin, or $EDITOR on a terminal.' }),
  ...textFlags,
};

/** `luna KIND change NAME`: the given fields, and texts from stdin, a file or an editor, as one PATCH. */
export abstract class ChangeCommand extends ChangingCommand {
  protected abstract readonly kind: Kind;
  /** Which object's text an editor was opened with, and what came of it: whoever has it open an hour overwrites nobody. */
  private typed: { name: string; rev: number; text: string } | undefined;

  /** Changes one object, in several calls where `more` asks for it; returns what it is now. Throws a usage error when there is nothing to change. */
  protected async change<T>(name: string, fields: object, ...more: object[]): Promise<T> {
    this.refuseNothing(fields, name);
    let changed = await this.first<T>(name, fields);
    for (const next of more) changed = await this.patch<T>(name, next);
    this.log(`Changed ${this.kind} ${name}.`);
    return changed;
  }

  private async first<T>(name: string, fields: object): Promise<T> {
    const { typed } = this;
    if (typed === undefined) return this.patch<T>(name, fields);
    try {
      // The others of a list have revisions of their own, which nobody has looked at.
      return await this.patch<T>(name, name === typed.name ? { ...fields, rev: typed.rev } : fields);
    } catch (error) {
      if (!(error instanceof LunaError)) throw error;
      const place = keepText(typed.text);
      throw new LunaError(error.code, `${error.message}. What was typed is kept in ${place}`, `${error.next ?? `luna ${this.kind} show ${name}`}, then the same command with --file ${place}`);
    }
  }

  /** What changes of a group may reach thousands of nodes. */
  private patch<T>(name: string, fields: object): Promise<T> {
    return this.api<T>('PATCH', pathOf(this.kind, name), fields, { timeoutMs: MANY_MS });
  }

  /** The same change of several objects; each failure is told, and the others go on. */
  protected async changeMany<T>(names: readonly string[], fields: object): Promise<T[]> {
    return results(await forEachName(this, names, (name) => this.change<T>(name, fields)));
  }

  /** The same of a kind that the API changes in one call, however many they are: quick, and one `luna undo` takes all of it back. */
  protected async changeTogether(names: readonly string[], fields: object): Promise<Done[]> {
    this.refuseNothing(fields, names.join(','));
    const body = { names, changes: fields, each: true };
    return tellDone(this, await this.api<Done[]>('POST', `${pathOf(this.kind)}/change`, body, { timeoutMs: MANY_MS }), (name) => `Changed ${this.kind} ${name}.`);
  }

  private refuseNothing(fields: object, name: string): void {
    if (Object.keys(fields).length === 0) throw new Errors.CLIError(`What is to be changed of ${this.kind} ${name}? See: luna ${this.kind} change --help`, { exit: 2 });
  }

  /** `{comment: …}` when it is to be edited, as typed now. */
  protected commentField(name: string, flags: TextFlags & { comment: boolean }): Promise<Record<string, string>> {
    return flags.comment ? this.textField(name, 'comment', flags) : Promise.resolve({});
  }

  /** One text of the object as a field to change. */
  protected async textField(name: string, field: string, flags: TextFlags, script = false): Promise<Record<string, string>> {
    return { [field]: this.note(await readText({ what: `${field} of ${this.kind} ${name}`, flags, current: () => this.opened(name, field), script })) };
  }

  /** The same, or nothing when stdin is empty. */
  protected async textFieldIfGiven(name: string, field: string, flags: TextFlags, script = false): Promise<Record<string, string> | undefined> {
    const text = await givenText({ what: `${field} of ${this.kind} ${name}`, flags, current: () => this.opened(name, field), script });
    return text === undefined ? undefined : { [field]: this.note(text) };
  }

  /** A text of the object as it is now. */
  protected async currentText(name: string, field: string): Promise<string> {
    const { [field]: text } = await this.object(name);
    return typeof text === 'string' ? text : '';
  }

  /** The same, for an editor. */
  private async opened(name: string, field: string): Promise<string> {
    const { rev, [field]: text } = await this.object(name);
    return this.begin(name, rev, typeof text === 'string' ? text : '');
  }

  /** Notes at which revision of an object an editor is opened with a text of it. */
  protected begin(name: string, rev: unknown, text: string): string {
    this.typed = typeof rev === 'number' ? { name, rev, text } : undefined;
    return text;
  }

  private object(name: string): Promise<Record<string, unknown>> {
    return this.api('GET', pathOf(this.kind, name));
  }

  /** Notes what came of it. */
  protected note(text: string): string {
    if (this.typed) this.typed.text = text;
    return text;
  }
}
