import { randomUUID } from 'node:crypto';
import { type Change, REMOVED } from '../../domain/change.ts';
import { LunaError } from '../../domain/errors.ts';
import { foldHostlist } from '../../domain/hostlist-fold.ts';
import type { Site } from '../../domain/site.ts';
import { takenBack, type Touched, touchedSince } from '../../domain/undo.ts';
import { become } from './become.ts';
import { changes } from './changes.ts';
import { changeObjects, type Tx } from './change-objects.ts';
import type { Store } from './connect.ts';
import { linesOfTx } from './history.ts';
import { openRuns } from './runs.ts';
import { removeSecret, type SecretKind } from './secrets.ts';

/**
 * What was taken back, by which change, how many lines of the history that was, and whose: `node node[001-072], group compute`.
 * `secrets`: what is there again, but for its secret, which no history has. `unpacked`: images that are there again, but
 * for their packed version, which was forgotten meanwhile.
 */
export interface Undone { undone: string; tx: string; lines: number; objects: string; secrets: { kind: SecretKind; name: string }[]; unpacked: string[] }

/**
 * Takes a whole transaction back, as a change of its own, which can be taken back too. Throws LunaError `not-found` for
 * one that isn't in the history, `conflict` that names a later change of the same fields.
 */
export async function undo(store: Store, tx: string, by: string): Promise<Undone> {
  const lines = await linesOfTx(store, tx);
  if (lines.length === 0) throw new LunaError('not-found', `there is no change ${tx}`, 'luna history');
  return changeObjects(store, by, async (within) => {
    const before = await within.site();
    const [first] = touchedSince(before, lines);
    if (first) throw await laterChange(within, first, lines);
    const after = takenBack(before, lines, randomUUID);
    const gone = new Set([...before.nodes.keys()].filter((id) => !after.nodes.has(id)));
    const running = gone.size === 0 ? undefined : (await openRuns(store)).find(({ nodeId }) => gone.has(nodeId));
    if (running) throw new LunaError('conflict', `node ${running.nodeName} is being provisioned: it can't be removed now`, `luna provision cancel ${running.nodeName}`);
    await become(within, before, after);
    for (const { kind, id } of lines) if (hasSecret(kind) && !after[kind === 'switch' ? 'switches' : 'bmcsetups'].has(id)) await removeSecret(store, within.session, kind, id);
    const secrets = lines.flatMap(({ kind, id, name }) => (hasSecret(kind) && isBack(kind, id, before, after) ? [{ kind, name }] : []));
    const unpacked = lines.flatMap(({ kind, id, diff }) => {
      const image = kind === 'osimage' && !before.osimages.has(id) ? after.osimages.get(id) : undefined;
      return image?.current === null && typeof diff['current']?.[0] === 'string' ? [image.name] : [];
    });
    return { undone: tx, tx: within.id, lines: lines.length, objects: objectsOf(lines), secrets, unpacked };
  });
}

function objectsOf(lines: readonly Change[]): string {
  const kinds = [...Map.groupBy(lines, ({ kind }) => kind)];
  return kinds.map(([kind, some]) => `${kind} ${foldHostlist([...new Set(some.map(({ name }) => name))])}`).join(', ');
}

function isBack(kind: SecretKind, id: string, before: Site, after: Site): boolean {
  const where = kind === 'switch' ? 'switches' : 'bmcsetups';
  return !before[where].has(id) && after[where].has(id);
}

function hasSecret(kind: Change['kind']): kind is SecretKind {
  return kind === 'bmcsetup' || kind === 'switch';
}

async function laterChange({ store, session }: Tx, { kind, id, name, fields }: Touched, lines: readonly Change[]): Promise<LunaError> {
  const own = lines[0];
  const later = (await changes(store).find({ id }, { session }).toArray())
    .filter((line) => line.kind === kind && line.tx !== own?.tx && line._id > (own?._id ?? '') && (line.rev === REMOVED || fields.some((field) => field in line.diff)))
    .sort((a, b) => (a._id > b._id ? -1 : 1))[0];
  const word = kind === 'mac' ? `MAC ${id} of ${name}` : `${kind} ${name}`;
  if (!later) return new LunaError('conflict', `${word} isn't what that change left any more (${fields.join(', ')})`, `luna history ${kind}/${name}`);
  return new LunaError('conflict', `${word} was changed later: ${later.tx} by ${later.by} at ${later.at} (${fields.join(', ')})`, `luna undo ${later.tx}`);
}
