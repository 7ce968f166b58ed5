import { applyChanges, MAP_OF } from '../../domain/apply-changes.ts';
import type { Change, ObjectKind } from '../../domain/change.ts';
import type { Site } from '../../domain/site.ts';
import type { Counters } from './version.ts';

/** The site as this process knows it, and the version of it; null until somebody watches it. */
export interface SiteMemory { known: { counters: Counters; site: Site } | null }

/** Objects in memory by their kind; undefined for a kind that isn't kept there. */
export function objectsInMemory(site: Site, kind: ObjectKind): ReadonlyMap<string, object> {
  if (kind === 'cluster') return new Map(site.cluster ? [[site.cluster._id, site.cluster]] : []);
  return site[MAP_OF[kind]];
}

/** Follows a change that this process has made itself on what was so `since`; it does nothing when something else is known by now, or less. */
export function followOwn(memory: SiteMemory, what: keyof Counters, { since, version }: { since: number; version: number }, changes: readonly Change[]): void {
  const { known } = memory;
  if (!known || known.counters[what] < since || known.counters[what] >= version || changes.some(({ kind }) => kind === 'artefact')) return;
  const site = changes.length === 0 ? known.site : applyChanges(known.site, changes);
  if (site) memory.known = { counters: { ...known.counters, [what]: version }, site };
}
