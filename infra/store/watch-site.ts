import type { Site } from '../../domain/site.ts';
import type { Log } from '../log.ts';
import type { Store } from './connect.ts';
import { loadSite } from './site.ts';
import { siteVersion } from './version.ts';

/** The site in memory, kept as it is in the store. */
export interface SiteWatch {
  current(): Site;
  /** Reads the site anew if it has changed: what was written before the call is in the result, and in `current()`. */
  refresh(): Promise<Site>;
  /** Calls back after each reload with the new site. */
  onChange(listener: (site: Site) => void): void;
  stop(): Promise<void>;
}

/** How soon a change by another process is noticed. Asking costs the embedded database half a millisecond. */
const POLL_MS = 250;

/**
 * Loads the site and follows it by asking for its version four times a second. (Not by change stream: on the embedded
 * database each open stream costs every write of whatever collection; docs/decisions/0002-poll-the-version.md.)
 */
export async function watchSite(store: Store, log: Log): Promise<SiteWatch> {
  const listeners: ((site: Site) => void)[] = [];
  let version = await siteVersion(store);
  let site = await loadSite(store);
  let running: Promise<Site> | null = null;
  let next: Promise<Site> | null = null;
  let stopped = false;

  async function reload(): Promise<Site> {
    const before = await siteVersion(store);
    if (before === version) return site;
    site = await loadSite(store);
    version = before;
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
    current: () => site,
    refresh,
    onChange: (listener) => { listeners.push(listener); },
    async stop() {
      stopped = true;
      clearInterval(poll);
      await running?.catch(() => undefined);
    },
  };
}
