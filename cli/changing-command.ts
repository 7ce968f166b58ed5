import { Flags } from '@oclif/core';
import type { TrialView } from '../domain/change-view.ts';
import { type CallOptions, MANY_MS } from './api.ts';
import { LunaCommand } from './base.ts';
import { trialText } from './trial-text.ts';
import { together, Tried } from './tried.ts';

/** A command that changes something: with `--dry-run` it does all but that, and tells what would change and what follows from it. */
export abstract class ChangingCommand extends LunaCommand {
  static override baseFlags = {
    ...LunaCommand.baseFlags,
    'dry-run': Flags.boolean({ aliases: ['dry_run'], summary: 'Only show what would change, and what follows from it.', helpGroup: 'GLOBAL' }),
  };

  /** As ever, but a call that would change something is only tried. Throws {@link Tried} then. */
  protected override async api<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, options?: CallOptions): Promise<T> {
    if (method === 'GET' || !this.isDry) return super.api<T>(method, path, body, options);
    throw new Tried(await super.api<TrialView>(method, `${path}${path.includes('?') ? '&' : '?'}dry_run=1`, body, { timeoutMs: MANY_MS, ...options }));
  }

  /** A trial is no failure: what it found is what the command was run for. */
  protected override async catch(error: Error): Promise<void> {
    if (!(error instanceof Tried)) return super.catch(error);
    if (this.jsonEnabled()) this.logJson(error.trial);
    else this.log(trialText(error.trial));
  }

  /** Makes calls one after the other. Tries each by itself in a dry run, and throws {@link Tried} with what they tell together. */
  protected async each(...calls: (() => Promise<unknown>)[]): Promise<void> {
    const trials: TrialView[] = [];
    for (const call of calls) {
      await call().catch((error: unknown) => {
        if (!(error instanceof Tried)) throw error;
        trials.push(error.trial);
      });
    }
    if (trials.length > 0) throw new Tried(together(trials));
  }

  /** Whether nothing is to be changed. */
  protected get isDry(): boolean {
    const end = this.argv.indexOf('--');
    return (end < 0 ? this.argv : this.argv.slice(0, end)).some((word) => word === '--dry-run' || word === '--dry_run');
  }
}
