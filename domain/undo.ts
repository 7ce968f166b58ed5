import { newMisfit } from './address-fit.ts';
import { applyChanges, type Followed, MAP_OF } from './apply-changes.ts';
import { type Change, REMOVED } from './change.ts';
import { SECRET } from './change-diff.ts';
import { LunaError } from './errors.ts';
import { sameValue } from './same-value.ts';
import { checkSite } from './site-checks.ts';
import { Draft } from './site-draft.ts';
import type { Site } from './site.ts';

/** Something that isn't what a change left any more. */
export interface Touched { kind: Change['kind']; id: string; name: string; fields: string[] }

/** What of the lines of a transaction was touched since: then it can't be taken back. */
export function touchedSince(site: Site, lines: readonly Change[]): Touched[] {
  return lines.flatMap((line) => {
    const fields = touchedFields(site, line);
    return fields.length === 0 ? [] : [{ kind: line.kind, id: line.id, name: line.name, fields }];
  });
}

/**
 * The site with the lines of a transaction taken back. Throws LunaError `conflict` for what can't be had again: secrets,
 * removed artefacts, names and addresses that others have by now, references to what is gone, addresses on interfaces that changed.
 * An image that comes back and whose packed version is gone is one that has to be packed: its `current` is null.
 */
export function takenBack(site: Site, lines: readonly Change[], newId: () => string): Site {
  const after = applyChanges(site, lines.flatMap((line) => inverse(site, line)));
  if (!after) throw new LunaError('conflict', 'what was changed is not there any more', 'luna history');
  const draft = new Draft(site, { prune: false, newId });
  Object.assign(draft.site, after);
  checkSite(draft);
  const [first, ...more] = draft.problems.found;
  if (first) throw new LunaError('conflict', `it can't be taken back: ${first.message}${more.length > 0 ? `; and ${more.length} more such` : ''}`, 'luna history');
  const misfit = newMisfit(site, after);
  if (misfit !== undefined) throw new LunaError('conflict', `it can't be taken back: then ${misfit}`, 'luna history');
  for (const [id, osimage] of after.osimages) {
    const { current, name } = osimage;
    if (current === null || after.artefacts.has(current)) continue;
    if (!site.osimages.has(id)) after.osimages.set(id, { ...osimage, current: null });
    else throw new LunaError('conflict', `the packed version of osimage ${name} is gone`, `luna osimage pack ${name}`);
  }
  return after;
}

function touchedFields(site: Site, { kind, id, rev, diff }: Change): string[] {
  if (kind === 'artefact') return [];
  if (kind === 'mac') return (site.macs.get(id) ?? null) === diff['node']?.[1] ? [] : ['node'];
  const object = objectOf(site, kind, id);
  if (rev === REMOVED) return object ? ['name'] : [];
  if (!object) return ['name'];
  return Object.entries(diff).filter(([field, [, after]]) => after !== SECRET && !sameValue(object[field] ?? null, after)).map(([field]) => field);
}

function inverse(site: Site, { kind, id, name, rev, diff }: Change): Followed[] {
  if (kind === 'artefact') {
    if (rev === REMOVED) throw new LunaError('conflict', `a packed version of osimage ${name} was removed; it can't be had again`, `luna osimage pack ${name}`);
    return [];
  }
  if (kind === 'mac') return [{ kind, id, rev: 0, diff: { node: [diff['node']?.[1], diff['node']?.[0]] } }];
  const now = objectOf(site, kind, id);
  const made = diff['name']?.[0] === null && rev !== REMOVED;
  if (made) return [{ kind, id, rev: REMOVED, diff: {} }];
  const secret = Object.entries(diff).find(([, [, after]]) => after === SECRET)?.[0];
  if (secret !== undefined) throw new LunaError('conflict', `the ${secret} that ${kind} ${name} had before isn't kept`, `luna ${kind} change ${name} --${secret}`);
  const { rev: last, ...fields } = diff;
  const next = (typeof last?.[0] === 'number' ? last[0] : Number(now?.['rev'] ?? 0)) + 1;
  return [{ kind, id, rev: next, diff: Object.fromEntries(Object.entries(fields).map(([field, [before, after]]) => [field, [after, before]])) }];
}

function objectOf(site: Site, kind: Exclude<Change['kind'], 'mac' | 'artefact'>, id: string): Record<string, unknown> | undefined {
  if (kind === 'cluster') return site.cluster?._id === id ? { ...site.cluster } : undefined;
  return site[MAP_OF[kind]].get(id);
}
