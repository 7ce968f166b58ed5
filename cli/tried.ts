import type { TrialView } from '../domain/change-view.ts';

/** Thrown where a command would go on with what it changed: nothing was, for it ran with `--dry-run`. */
export class Tried extends Error {
  readonly trial: TrialView;

  constructor(trial: TrialView) {
    super('nothing was changed: it was a trial');
    this.trial = trial;
  }
}

/** Several trials as one. Each was made by itself: what follows from two of them is told once. */
export function together(trials: readonly TrialView[]): TrialView {
  return { diff: trials.flatMap(({ diff }) => diff), consequences: [...new Set(trials.flatMap(({ consequences }) => consequences))] };
}

/** What writing files would do, on this machine. */
export function wouldReplace(written: readonly string[], removed: readonly string[] = []): Tried {
  return new Tried({ diff: [], consequences: [...written.map((path) => `${path} is written.`), ...removed.map((path) => `${path} is removed.`)] });
}
