import { LunaError } from '../domain/errors.ts';
import { errorText, type LunaCommand } from './base.ts';

/** What became of one of many: the API's answer, or why it was refused. */
export type Outcome<T> = { name: string; result: T } | { name: string; error: { code: string; message: string; next?: string } };

/**
 * Does the same to each name, in order. A single failure is thrown as it is; among several the others still go on, each
 * failure is told on stderr, and the command exits with 1.
 */
export async function forEachName<T>(command: LunaCommand, names: readonly string[], act: (name: string) => Promise<T>): Promise<Outcome<T>[]> {
  const outcomes: Outcome<T>[] = [];
  for (const name of names) {
    try {
      outcomes.push({ name, result: await act(name) });
    } catch (error) {
      if (names.length === 1 || !(error instanceof LunaError) || error.code === 'unavailable') throw error;
      command.logToStderr(errorText(error).trimEnd());
      process.exitCode = 1;
      outcomes.push({ name, error: { code: error.code, message: error.message, ...(error.next ? { next: error.next } : {}) } });
    }
  }
  return outcomes;
}

/** The answers of those that succeeded. */
export function results<T>(outcomes: readonly Outcome<T>[]): T[] {
  return outcomes.flatMap((outcome) => ('result' in outcome ? [outcome.result] : []));
}
