import { LunaError } from './errors.ts';

/** Something wrong in a site file: where, and what. */
export interface SiteProblem { path: string[]; message: string }

/** So many are told at once. */
const TOLD = 100;

/** Collects what is wrong, so that all of it can be told at once. */
export class Problems {
  readonly found: SiteProblem[] = [];

  /** Notes one. */
  add(path: readonly string[], message: string): void {
    this.found.push({ path: [...path], message });
  }

  /** Does something; what it refuses is noted. Anything else that it throws is a mistake of luna's own. */
  check<T>(path: readonly string[], work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.addError(path, error);
      return undefined;
    }
  }

  /** Notes what was refused. Rethrows what is no refusal. */
  addError(path: readonly string[], error: unknown): void {
    if (!(error instanceof LunaError)) throw error;
    this.add(path, error.message);
  }
}

/** All problems as one refusal, in the order of the file; of those in one place the first. `lineOf`: the line of a place in the text, when there is a text. */
export function refusal(problems: readonly SiteProblem[], lineOf: (path: readonly string[]) => number | null = () => null): LunaError {
  const places = new Map<string, { line: number | null; text: string; more: number }>();
  for (const { path, message } of problems) {
    const where = path.join('.');
    const there = places.get(where);
    if (there) there.more += 1;
    else places.set(where, { line: lineOf(path), text: `${where}${where === '' ? '' : ': '}${message}`, more: 0 });
  }
  const sorted = [...places.values()].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const told = sorted.slice(0, TOLD).map(({ line, text, more }) => `${line === null ? '' : `line ${line}: `}${text}${more > 0 ? ` (and ${more} more like it)` : ''}`);
  if (sorted.length > TOLD) told.push(`and ${sorted.length - TOLD} more`);
  return new LunaError('invalid', told.length === 1 ? `the site file is refused: ${told[0] ?? ''}` : `the site file is refused:\n  ${told.join('\n  ')}`);
}
