import { type Change, REMOVED } from '../../domain/change.ts';
import { changeView, type TrialView } from '../../domain/change-view.ts';
import { type ChangedSecret, consequences } from '../../domain/consequences.ts';
import { foldHostlist } from '../../domain/hostlist-fold.ts';
import type { Done } from '../../domain/many.ts';
import type { Site } from '../../domain/site.ts';
import type { Documents } from './documents.ts';

/** Does something without keeping it, and tells what it would change. Throws what doing it would throw. */
export async function dryRun(documents: Documents, work: (trial: Documents) => unknown): Promise<TrialView> {
  let answer: unknown;
  const { lines, before, after } = await documents.trial(async (trial) => { answer = await work(trial); });
  const diff = lines.map((line) => {
    const op = line.rev === REMOVED ? 'remove' as const : isNew(line) ? 'add' as const : 'change' as const;
    return { kind: line.kind, name: line.name, op, diff: seenOf(before, after, line) };
  });
  return { diff, consequences: [...refusals(answer), ...consequences(before, after, secretsOf(lines))] };
}

/** Values before in the names and addresses of before, values after in those of after. */
function seenOf(before: Site, after: Site, line: Change): TrialView['diff'][number]['diff'] {
  const [old, now] = [changeView(before, line).diff, changeView(after, line).diff];
  return Object.fromEntries(Object.keys(now).map((field) => [field, [old[field]?.[0] ?? null, now[field]?.[1] ?? null]]));
}

/** What would be refused of some of many. */
function refusals(answer: unknown): string[] {
  if (!Array.isArray(answer)) return [];
  const refused = (answer as Partial<Extract<Done, { error: unknown }>>[]).flatMap(({ name, error }) => name !== undefined && typeof error?.message === 'string' ? [{ name, why: error.message }] : []);
  return [...Map.groupBy(refused, ({ name, why }) => why.replaceAll(name, '…'))].map(([why, some]) => {
    const [first = { name: '', why: '' }] = some;
    return `Refused of ${foldHostlist(some.map(({ name }) => name))}: ${some.length === 1 ? first.why : why}.`;
  });
}

/** Secrets that lines tell of: that they changed, not to what. */
function secretsOf(lines: readonly Change[]): ChangedSecret[] {
  return lines.flatMap(({ kind, id, diff }): ChangedSecret[] => {
    if (kind === 'bmcsetup' && 'password' in diff) return [{ kind, id }];
    if (kind === 'switch' && 'read' in diff) return [{ kind, id }];
    return [];
  });
}

function isNew({ kind, diff }: Change): boolean {
  const name = kind === 'mac' ? 'node' : 'name';
  return diff[name]?.[0] === null;
}
