import { LunaError } from '../domain/errors.ts';
import type { Done } from '../domain/many.ts';
import type { TrialView } from '../domain/change-view.ts';
import { errorText, type LunaCommand } from './base.ts';
import { together, Tried } from './tried.ts';

/** What became of one of many: the API's answer, or why it was refused. */
export type Outcome<T> = { name: string; result: T } | { name: string; error: { code: string; message: string; next?: string } };

/**
 * Does the same to each name, in order. A single failure is thrown as it is; among several the others still go on, each
 * failure is told on stderr, and the command exits with 1. What was only tried is told together: see {@link Tried}.
 */
export async function forEachName<T>(command: LunaCommand, names: readonly string[], act: (name: string) => Promise<T>): Promise<Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  const trials: TrialView[] = [];
  for (const name of names) {
    try {
      outcomes.push({ name, result: await act(name) });
    } catch (error) {
      if (error instanceof Tried) {
        trials.push(error.trial);
        continue;
      }
      if (names.length === 1 || !(error instanceof LunaError) || error.code === 'unavailable') throw error;
      command.logToStderr(errorText(error).trimEnd());
      process.exitCode = 1;
      outcomes.push({ name, error: { code: error.code, message: error.message, ...(error.next ? { next: error.next } : {}) } });
    }
  }
  if (trials.length > 0) throw new Tried(together(trials));
  return outcomes;
}

/** Tells of each of many what became of it in one call of the API; the command exits with 1 when one failed, with 255 when all did. */
export function tellDone(command: LunaCommand, done: Done[], text: (name: string) => string): Done[] {
  const failed = done.filter((one) => 'error' in one);
  for (const one of done) if ('ok' in one) command.log(text(one.name));
  for (const { name, error } of failed) command.logToStderr(errorText(new LunaError(error.code, `${name}: ${error.message}`, error.next)).trimEnd());
  if (failed.length > 0) process.exitCode = failed.length === done.length ? 255 : 1;
  return done;
}

/** The answers of those that succeeded. */
export function results<T>(outcomes: readonly Outcome<T>[]): T[] {
  return outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
}
