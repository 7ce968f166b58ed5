import { foldHostlist } from '../domain/hostlist-fold.ts';
import type { SiteChange } from '../domain/site-changes.ts';

/** What the API answers to a site file. */
export interface SiteAnswer { changes: SiteChange[]; consequences?: string[] }

const SIGNS = { add: '+', change: '~', remove: '-' } as const;
/** Longer texts are told by their lines. */
const SHORT = 60;

/** Changes as lines for people; objects that become the same are one entry. */
export function changesText(changes: readonly SiteChange[]): string {
  const alike = new Map<string, SiteChange[]>();
  for (const change of changes) {
    const key = change.op === 'change' ? `${change.kind} change ${JSON.stringify(change.diff)}` : `${change.kind} ${change.op} ${JSON.stringify(sharedFields(change))}`;
    const there = alike.get(key);
    if (there) there.push(change);
    else alike.set(key, [change]);
  }
  return [...alike.values()].map(entry).join('\n');
}

/** `3 added, 1 changed`; `nothing` when nothing is. */
export function countsText(changes: readonly SiteChange[]): string {
  const words = { add: 'added', change: 'changed', remove: 'removed' } as const;
  const counts = (['add', 'change', 'remove'] as const).map((op) => [changes.filter((one) => one.op === op).length, words[op]] as const);
  return counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`).join(', ') || 'nothing';
}

function entry(changes: SiteChange[]): string {
  const [first] = changes;
  if (!first) return '';
  const head = `${SIGNS[first.op]} ${first.kind} ${foldHostlist(changes.map(({ name }) => name))}`;
  if (first.op === 'remove') return head;
  const fields = changes.length === 1 || first.op === 'change' ? first.diff : sharedFields(first);
  return [head, ...Object.entries(fields).map(([name, [before, after]]) => `    ${name}: ${first.op === 'add' ? shown(after) : arrow(before, after)}`)].join('\n');
}

/** Of something new, what it may share with others: neither addresses nor MACs nor ports. */
function sharedFields({ kind, diff }: SiteChange): SiteChange['diff'] {
  if (kind !== 'node') return diff;
  return Object.fromEntries(Object.entries(diff).filter(([name]) => !/^(addresses\.|mac$|port$)/.test(name)));
}

function arrow(before: unknown, after: unknown): string {
  const [from, to] = [shown(before), shown(after)];
  return before === null ? to : `${from} → ${to}`;
}

function shown(value: unknown): string {
  if (value === null) return '-';
  if (value === '') return "''";
  if (typeof value !== 'string') return JSON.stringify(value);
  const lines = value.split('\n').length;
  return lines > 1 || value.length > SHORT ? `(${lines} ${lines === 1 ? 'line' : 'lines'}, ${value.length} characters)` : value;
}
