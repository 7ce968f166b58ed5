import { LunaError } from './errors.ts';
import { type HostlistItem, type HostlistRange, misplaced, parseHostlist } from './hostlist-parse.ts';

/** How many names a hostlist may stand for; a typing mistake must not fill the memory. */
export const HOSTLIST_LIMIT = 100_000;

/** The names of the members of a group, none when there is no such group; `*` are all. */
export type GroupMembers = (group: string) => readonly string[];

/**
 * The names a hostlist stands for, in the order written, each once: `node[001-003,007]`, `a,b`, `rack[1-2]n[01-40]`,
 * `node[1-9/2]`. Signs are taken from left to right, as in ClusterShell: `,` adds, `!` takes away, `&` keeps what is in
 * both, `^` what is in one only. `@compute` are the members of a group, asked of `members`.
 * Padding is kept as the lower end is written: `[001-003]` is 001 002 003, `[9-11]` is 9 10 11.
 * Throws {@link LunaError} `invalid` with a caret under the place, also when it stands for more than {@link HOSTLIST_LIMIT} names.
 */
export function expandHostlist(text: string, members?: GroupMembers): string[] {
  const items = parseHostlist(text);
  const total = items.reduce((sum, item) => sum + sizeOf(item), 0);
  if (total > HOSTLIST_LIMIT) {
    throw new LunaError('invalid', `hostlist ${text} stands for ${total} names, and ${HOSTLIST_LIMIT} is the limit`, 'Split it into several commands.');
  }
  let names = new Set<string>();
  for (const item of items) names = combine(names, item.operator, new Set(item.group ? membersOf(text, item, members) : namesOf(item)));
  if (names.size === 0) throw new LunaError('invalid', `hostlist ${text} stands for no name`, 'luna help hostlists');
  return [...names];
}

function combine(before: Set<string>, operator: HostlistItem['operator'], item: Set<string>): Set<string> {
  switch (operator) {
    case ',': return before.union(item);
    case '!': return before.difference(item);
    // Set.intersection may take the order of the smaller one; names keep the order in which they were written.
    case '&': return new Set([...before].filter((name) => item.has(name)));
    case '^': return before.symmetricDifference(item);
  }
}

function membersOf(text: string, item: HostlistItem, members: GroupMembers | undefined): string[] {
  if (members === undefined) throw misplaced(text, item.at, 'groups have no members here');
  return namesOf(item).flatMap((group) => {
    const found = members(group);
    if (found.length === 0) throw misplaced(text, item.at, group === '*' ? 'there are no nodes' : `there are no nodes in a group ${group}`);
    return [...found];
  });
}

function sizeOf(item: HostlistItem): number {
  return item.dimensions.reduce((product, ranges) => product * ranges.reduce((sum, range) => sum + countOf(range), 0), 1);
}

function namesOf(item: HostlistItem): string[] {
  return item.dimensions.reduce(
    (prefixes, ranges, i) => prefixes.flatMap((prefix) => ranges.flatMap((range) => numbersOf(range).map((n) => prefix + n + (item.texts[i + 1] ?? '')))),
    [item.texts[0] ?? ''],
  );
}

function countOf({ low, high, step }: HostlistRange): number {
  return Math.floor((high - low) / step) + 1;
}

function numbersOf(range: HostlistRange): string[] {
  return Array.from({ length: countOf(range) }, (_, i) => String(range.low + i * range.step).padStart(range.width, '0'));
}
