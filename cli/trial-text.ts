import type { TrialView } from '../domain/change-view.ts';
import { changesText } from './history-text.ts';

/** What a trial tells, for people: what would change, then what follows from it. */
export function trialText({ diff, consequences }: TrialView): string {
  if (diff.length === 0 && consequences.length === 0) return 'Nothing would change.';
  const changes = changesText(diff.map(({ op, ...change }) => ({ ...change, what: op })));
  return [
    ...(changes.length > 0 ? ['Would change:', ...changes] : []),
    ...(consequences.length > 0 ? [...(changes.length > 0 ? [''] : []), 'Then:', ...consequences.map((line) => `  ${line}`)] : []),
  ].join('\n');
}
