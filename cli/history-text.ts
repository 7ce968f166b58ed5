import type { ChangeView } from '../domain/change-view.ts';
import { foldHostlist } from '../domain/hostlist-fold.ts';
import { sameValue } from '../domain/same-value.ts';
import { utcText } from '../domain/utc-text.ts';
import { changedLines } from './changed-lines.ts';
import { cellText } from './table.ts';

/** Longer values are told by their size. */
const SHORT = 60;

type Told = Pick<ChangeView, 'kind' | 'name' | 'diff'> & { what: 'add' | 'change' | 'remove' };

/** The history for people: a transaction per paragraph, what changed alike in one line. */
export function historyText(lines: readonly ChangeView[]): string {
  const transactions = [...Map.groupBy(lines, ({ tx }) => tx)];
  return transactions.map(([tx, changes]) => {
    const first = changes[0];
    return [`${tx}  ${utcText(first?.at ?? '')}  ${first?.by ?? ''}`, ...changesText(changes.map(toldOf))].join('\n');
  }).join('\n\n');
}

/** Changes, those alike in one line: `  node node[001-072]  service: no → yes`. Of a script the lines that differ follow. */
export function changesText(changes: readonly Told[]): string[] {
  const alike = Map.groupBy(changes, (change) => `${change.kind} ${change.what} ${fieldsText(change)}`);
  const rows = [...alike.values()].map((some) => {
    const [{ kind, what, ...rest } = { kind: 'node' as const, what: 'change' as const, name: '', diff: {} }] = some;
    const names = foldHostlist([...new Set(some.map(({ name }) => name))]);
    return { who: `${kind} ${names}`, text: fieldsText({ kind, what, ...rest }), lines: what === 'change' ? scriptLines(rest.diff) : [] };
  });
  const width = Math.min(SHORT, Math.max(0, ...rows.map(({ who }) => who.length)));
  return rows.flatMap(({ who, text, lines }) => [`  ${who.padEnd(width)}  ${text}`, ...lines.map((line) => `      ${line}`)]);
}

/** One change of the event stream: `17.4  2026-01-31 12:00:00  root  node node001  service: no → yes`. Without a place it belongs to the next line. */
export function eventLine(place: string | undefined, change: Pick<ChangeView, 'at' | 'by' | 'kind' | 'name' | 'rev' | 'diff' | 'id'>): string {
  return [(place ?? '').padEnd(6), utcText(change.at), change.by, changesText([toldOf(change)])[0]?.trim() ?? ''].join('  ');
}

/** Every version of one field, newest first, each with who and when. */
export function versionsText(lines: readonly ChangeView[], field: string): string {
  return lines.flatMap(({ tx, at, by, kind, name, diff: { [field]: change } }) =>
    change === undefined ? [] : [`== ${tx}  ${utcText(at)}  ${by}  ${kind} ${name}\n${cellText(change[1])}`]).join('\n');
}

function toldOf({ kind, name, rev, diff, id }: Pick<ChangeView, 'kind' | 'name' | 'rev' | 'diff' | 'id'>): Told {
  if (kind === 'mac') return { kind, name: id, diff, what: 'change' };
  return { kind, name, diff, what: rev < 0 ? 'remove' : diff['name']?.[0] === null ? 'add' : 'change' };
}

function fieldsText({ kind, what, diff }: Told): string {
  if (what === 'remove') return 'removed';
  if (what === 'add') {
    const group: unknown = diff['group']?.[1];
    return kind === 'node' && typeof group === 'string' ? `added to group ${group}` : 'added';
  }
  const fields = flat(diff).map(([field, [before, after]]) => {
    if (before === null && after === 'changed') return `${field}: changed`;
    return isMap(before) && after === null ? `${field}: removed` : `${field}: ${valueText(before)} → ${valueText(after)}`;
  });
  return fields.length === 0 ? 'nothing' : fields.join('; ');
}

/** Maps field by field, as far as they differ: `interfaces.BOOTIF.network`; of a new one what it has. */
function flat(diff: Told['diff'], prefix = ''): [string, [unknown, unknown]][] {
  return Object.entries(diff).flatMap(([field, [before, after]]): [string, [unknown, unknown]][] => {
    if (isMap(after) && before === null && prefix !== '') return flat({ [field]: [{}, Object.fromEntries(Object.entries(after).filter(([, value]) => cellText(value) !== '-'))] }, prefix);
    if (!isMap(before) || !isMap(after)) return [[prefix + field, [before, after]]];
    const inner = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !sameValue(before[key], after[key]));
    return flat(Object.fromEntries(inner.map((key) => [key, [before[key] ?? null, after[key] ?? null]])), `${prefix}${field}.`);
  });
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What changes within texts of several lines. */
function scriptLines(diff: Told['diff']): string[] {
  return flat(diff).flatMap(([, [before, after]]) => (typeof before === 'string' && typeof after === 'string' ? changedLines(before, after) : []));
}

function valueText(value: unknown): string {
  const text = cellText(value);
  if (text.length <= SHORT && !text.includes('\n')) return text;
  const lines = text.split('\n').length;
  return `(${lines} ${lines === 1 ? 'line' : 'lines'}, ${text.length} characters)`;
}
