import { createHash } from 'node:crypto';
import { zoneFile } from '../domain/bind.ts';
import type { Site } from '../domain/site.ts';
import type { Zone } from '../domain/zone.ts';
import { zonesOf } from '../domain/zones.ts';
import type { ServedZones } from '../infra/boot/dns/answer.ts';
import { serveZone, type ServedZone } from '../infra/boot/dns/served-zone.ts';
import type { Log } from '../infra/log.ts';
import type { Store } from '../infra/store/connect.ts';
import { newestChangeAt } from '../infra/store/newest-change.ts';
import { agreeOnSerials } from '../infra/store/zone-serials.ts';

/** The zones of the site, as they are answered from. */
export interface LiveZones {
  current(): ServedZones;
  /** Follows the site. Rejects when serials can't be agreed on; then all is as before. */
  follow(site: Site): Promise<void>;
}

/** What of a site its zones are made of. */
const MADE_OF = ['cluster', 'networks', 'switches', 'otherdevs', 'groups', 'nodes'] as const;

interface Kept { hash: string; zone: ServedZone }

/** Begins with the zones of `site`. `changed` is told of every zone that is new or has another serial. */
export async function liveZones(store: Store, site: Site, log: Log, changed: (zones: readonly ServedZone[]) => void): Promise<LiveZones> {
  let kept = new Map<string, Kept>();
  let served: ServedZones = new Map();
  let from: Site | null = null;
  let warned = '';

  async function follow(now: Site): Promise<void> {
    const before = from;
    if (before !== null && MADE_OF.every((what) => before[what] === now[what])) return;
    const began = performance.now();
    const version = store.memory.known?.counters.objects ?? 0;
    const { zones, warnings } = zonesOf(now);
    const contents = zones.map((zone) => ({ zone, name: zone.name.toLowerCase(), hash: hashOf(zone) }));
    const open = contents.filter(({ name, hash }) => kept.get(name)?.hash !== hash);
    const changedAt = new Date(await newestChangeAt(store) ?? 0);
    const serials = open.length === 0 ? new Map<string, number>() : await agreeOnSerials(store, open, version, changedAt);
    const fresh: ServedZone[] = [];
    const next = new Map<string, Kept>();
    for (const { name, hash, zone } of contents) {
      const old = kept.get(name);
      const serial = serials.get(name);
      if (old?.hash === hash) next.set(name, old);
      // Somebody else knows newer content: until it is here too, what was answered stays.
      else if (serial === undefined && old !== undefined) next.set(name, old);
      else {
        const made = serveZone(zone, serial ?? 1);
        next.set(name, { hash: serial === undefined ? '' : hash, zone: made });
        fresh.push(made);
      }
    }
    kept = next;
    served = new Map([...next.values()].map(({ zone }) => [zone.origin, zone]));
    // What no serial was found for is looked at again.
    from = [...next.values()].some(({ hash }) => hash === '') || open.some(({ name }) => !serials.has(name)) ? null : now;
    warn([...warnings, ...[...served.values()].flatMap((zone) => zone.warnings)]);
    log.info('dns.zones', { zones: served.size, changed: fresh.map(({ name, serial }) => `${name} ${serial}`).slice(0, 20), ms: Math.round(performance.now() - began) });
    if (fresh.length > 0) changed(fresh);
  }

  /** The same things are told once. */
  function warn(warnings: readonly string[]): void {
    const text = warnings.join('\n');
    if (text !== warned) for (const warning of warnings.slice(0, 20)) log.warn('dns.zone', { warning });
    warned = text;
  }

  await follow(site);
  return { current: () => served, follow };
}

function hashOf(zone: Zone): string {
  return createHash('sha256').update(zoneFile(zone, 0)).digest('base64');
}
