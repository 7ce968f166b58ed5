import { byName } from '../../domain/hostlist-fold.ts';
import { type Scalar, valuesAt } from './fields.ts';

/** One key of `--sort`: a field's dotted path, and whether the greatest comes first. */
export interface SortKey { field: string; reverse: boolean }

/** Reads `group,-name` (or `!name`): by group, within a group by name backwards. */
export function parseSort(text: string): SortKey[] {
  return text.split(',').map((word) => word.trim()).filter((word) => word !== '' && word !== '-')
    .map((word) => (/^[-!]/.test(word) ? { field: word.slice(1), reverse: true } : { field: word, reverse: false }));
}

/** The rows in order of the fields at these paths; equal ones stay as they were. Rows without a value come last. */
export function sortRows<T>(rows: readonly T[], keys: readonly { path: string; reverse: boolean }[]): T[] {
  const keyed = rows.map((row) => ({ row, values: keys.map(({ path }) => valuesAt(row, path)?.[0]) }));
  keyed.sort((a, b) => {
    for (const [i, { reverse }] of keys.entries()) {
      const [x, y] = [a.values[i], b.values[i]];
      const nothing = Number(isNothing(x)) - Number(isNothing(y));
      if (nothing !== 0) return nothing;
      const order = compareNaturally(x ?? '', y ?? '');
      if (order !== 0) return reverse ? -order : order;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

/** Order for people: numbers as numbers, also within text (`node9` before `node10`, `10.0.0.9` before `10.0.0.10`). */
export function compareNaturally(a: Scalar, b: Scalar): number {
  const [x, y] = [Number(a), Number(b)];
  if (a !== '' && b !== '' && typeof a !== 'boolean' && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return byName(String(a), String(b));
}

function isNothing(value: Scalar | undefined): boolean {
  return value === undefined || value === '';
}
