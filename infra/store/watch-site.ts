import { applyChanges } from '../../domain/apply-changes.ts';
import type { Artefact } from '../../domain/osimage.ts';
import type { Site } from '../../domain/site.ts';
import type { Log } from '../log.ts';
import { linesOfVersions } from './changes.ts';
import type { Store } from './connect.ts';
import { loadSite } from './site.ts';
import { type Counters, countersNow } from './version.ts';

/** The site in memory, kept as it is in the store. */
export interface SiteWatch {
  current(): Site;
  /** Follows what has changed: what was written before the call is in the result, and in `current()`. */
  refresh(): Promise<Site>;
  /** Calls back after each change with the new site, until the function it returns is called. */
  onChange(listener: (site: Site) => void): () => void;
  stop(): Promise<void>;
}

/** How soon a change by another process is noticed. Asking costs the embedded database half a millisecond. */
const POLL_MS = 250;
/** After so many changes, or lines of one, the whole site is read: that costs less than following them. */
const FOLLOWED = { changes: 50, lines: 3000 };

/**
 * Loads the site and follows it by asking for its version four times a second. (Not by change stream: on the embedded
 * database each open stream costs every write of whatever collection; docs/decisions/0002-poll-the-version.md.) Of what
 * has changed it reads the lines of the history; the whole site only at the start and after a gap.
 */
export async function watchSite(store: Store, log: Log): Promise<SiteWatch> {
  const listeners = new Set<(site: Site) => void>();
  let told = await load();
  let running: Promise<Site> | null = null;
  let next: Promise<Site> | null = null;
  let stopped = false;

  async function load(): Promise<Site> {
    // The version first: what is written in between is followed again, which changes nothing.
    const counters = await countersNow(store);
    const site = await loadSite(store);
    store.memory.known = { counters, site };
    return site;
  }

  async function reload(): Promise<Site> {
    const now = await countersNow(store);
    const { known } = store.memory;
    if (!known) await load();
    else if (now.objects > known.counters.objects || now.macs > known.counters.macs) {
      const site = await followed(store, known.site, known.counters, now);
      // This process may have made a change meanwhile and know it already; the next look finds what is missing.
      if (!site) await load();
      else if (store.memory.known === known) store.memory.known = { counters: now, site };
      else return reload();
    } else if (now.objects < known.counters.objects && now.macs <= known.counters.macs) await load();
    return tell();
  }

  function tell(): Site {
    const site = store.memory.known?.site ?? told;
    if (site === told) return site;
    told = site;
    for (const listener of listeners) listener(site);
    return site;
  }

  /** A look that runs already may have missed what the caller just wrote, so he gets the one after it, shared with others. */
  function refresh(): Promise<Site> {
    if (!running) {
      running = reload().finally(() => { running = null; });
      return running;
    }
    next ??= running.catch(() => undefined).then(() => {
      next = null;
      return refresh();
    });
    return next;
  }

  let failing = false;
  const poll = setInterval(() => {
    if (running || stopped) return;
    refresh().then(() => { failing = false; }, (error: unknown) => {
      if (!failing && !stopped) log.warn('store.site_not_read', { error });
      failing = true;
    });
  }, POLL_MS);

  return {
    current: () => store.memory.known?.site ?? told,
    refresh,
    onChange(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    async stop() {
      stopped = true;
      clearInterval(poll);
      await running?.catch(() => undefined);
    },
  };
}

/** The site after what happened between two versions; null when it is less work to read it anew, or the only way. */
async function followed(store: Store, site: Site, from: Counters, to: Counters): Promise<Site | null> {
  if (to.objects - from.objects + to.macs - from.macs > FOLLOWED.changes) return null;
  const lines = [...await linesOfVersions(store, 'objects', from.objects + 1, to.objects), ...await linesOfVersions(store, 'macs', from.macs + 1, to.macs)];
  if (lines.length > FOLLOWED.lines) return null;
  const after = lines.length === 0 ? site : applyChanges(site, lines);
  if (!after || !lines.some(({ kind }) => kind === 'artefact')) return after;
  const artefacts = await store.db.collection<Artefact>('artefacts').find({}).toArray();
  return { ...after, artefacts: new Map(artefacts.map((artefact) => [artefact._id, artefact])) };
}
