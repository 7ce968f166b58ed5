import type { Diff } from './change.ts';
import { sameValue } from './same-value.ts';

/** Fields that are the same for ever or stand in the line itself. Of what is removed the last revision is kept. */
const NOT_SHOWN = new Set(['_id', 'rev']);

/** What differs between two versions of a stored object; null stands for one that isn't. */
export function diffOf(before: object | null, after: object | null): Diff {
  const [from, to] = [{ ...before } as Record<string, unknown>, { ...after } as Record<string, unknown>];
  const diff: Diff = {};
  for (const field of new Set([...Object.keys(from), ...Object.keys(to)])) {
    if (NOT_SHOWN.has(field)) continue;
    const pair: [unknown, unknown] = [from[field] ?? null, to[field] ?? null];
    if (!before || !after || !sameValue(pair[0], pair[1])) diff[field] = pair;
  }
  if (!after && typeof from['rev'] === 'number') diff['rev'] = [from['rev'], null];
  return diff;
}

/** The values of one side: what the fields are after the change, or were before it. */
export function sideOf(diff: Diff, side: 'before' | 'after'): Record<string, unknown> {
  return Object.fromEntries(Object.entries(diff).filter(([, [, after]]) => after !== SECRET).map(([field, [before, after]]) => [field, side === 'after' ? after : before]));
}

/** Stands for the value of a secret that was set. */
export const SECRET = 'changed';
