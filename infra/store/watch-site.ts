import type { Site } from '../../domain/site.ts';
import type { Log } from '../log.ts';
import { changesVersion, watchChanges } from './changes.ts';
import type { Store } from './connect.ts';
import { loadSite } from './site.ts';

/** The site in memory, kept as it is in the store. */
export interface SiteWatch {
  current(): Site;
  /** Reads the site anew: what was written before the call is in the result, and in `current()`. */
  refresh(): Promise<Site>;
  /** Calls back after each reload with the new site. */
  onChange(listener: (site: Site) => void): void;
  stop(): Promise<void>;
}

/** Changes that come together are read together. */
const DEBOUNCE_MS = 50;
/** How soon a change is noticed when the change stream is silent or missing (a database without a replica set). */
const POLL_MS = 2000;

/** Loads the site and follows it by change stream and, in case that is broken, by asking every 2 s. */
export async function watchSite(store: Store, log: Log): Promise<SiteWatch> {
  const listeners: ((site: Site) => void)[] = [];
  let version = await changesVersion(store);
  let site = await loadSite(store);
  let running: Promise<Site> | null = null;
  let next: Promise<Site> | null = null;
  let debounce: NodeJS.Timeout | null = null;
  let stopped = false;

  async function reload(): Promise<Site> {
    const before = await changesVersion(store);
    site = await loadSite(store);
    version = before;
    for (const listener of listeners) listener(site);
    return site;
  }

  /** A load that runs already may have missed what the caller just wrote, so he gets the one after it, shared with others. */
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

  const refreshOrLog = (): void => {
    refresh().catch((error: unknown) => { log.warn('store.reload_failed', { error }); });
  };
  const changed = (): void => {
    if (debounce || stopped) return;
    debounce = setTimeout(() => {
      debounce = null;
      refreshOrLog();
    }, DEBOUNCE_MS);
  };
  const stream = watchChanges(store, changed, (error) => { log.warn('store.change_stream_broken', { error }); });

  let asking = false;
  const poll = setInterval(() => {
    if (asking) return;
    asking = true;
    changesVersion(store)
      .then((now) => { if (now !== version && !running) changed(); })
      .catch((error: unknown) => { log.warn('store.poll_failed', { error }); })
      .finally(() => { asking = false; });
  }, POLL_MS);

  return {
    current: () => site,
    refresh,
    onChange: (listener) => { listeners.push(listener); },
    async stop() {
      stopped = true;
      clearInterval(poll);
      if (debounce) clearTimeout(debounce);
      await stream.stop();
      await running?.catch(() => undefined);
    },
  };
}
