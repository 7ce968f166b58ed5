import { foldHostlist } from '../hostlist-fold.ts';

/** So many examples are given before the rest is counted. */
const EXAMPLES = 3;
/** A longer hostlist is told as a number. */
const LONG = 60;

/** `a, b, c and 69 more`. */
export function some(items: readonly string[]): string {
  const shown = items.slice(0, EXAMPLES).join(', ');
  return items.length > EXAMPLES ? `${shown} and ${items.length - EXAMPLES} more` : shown;
}

/** `node node001`, `nodes node[001-072] (72)`, or their number when the list is long. */
export function nodesNamed(names: readonly string[]): string {
  const [first = ''] = names;
  if (names.length === 1) return `node ${first}`;
  const list = foldHostlist(names);
  return list.length > LONG ? `${names.length} nodes (${first}, …)` : `nodes ${list} (${names.length})`;
}

/** The verb for so many. */
export function verb(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** A sentence begins with a capital. */
export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** `1 address`, `3 addresses`. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
