import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import type { SwarmRecord } from '../domain/swarm.ts';
import { torrentsOf } from '../infra/boot/torrent/admission.ts';
import { createSwarmBook, type SwarmBook, type SwarmOf } from '../infra/boot/torrent/swarm-book.ts';
import { createTracker, type TrackerSource } from '../infra/boot/torrent/tracker.ts';
import type { Config } from '../infra/config.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics/metrics.ts';
import { swarmMetrics } from '../infra/metrics/swarm-metrics.ts';
import type { Store } from '../infra/store/connect.ts';
import { endInterruptedSwarms, keepSwarm } from '../infra/store/swarms.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';
import { tellOn } from '../infra/told-socket.ts';
import { swarmSocket } from './ask-swarms.ts';
import type { bootAdmission } from './boot-admission.ts';
import { every } from './run.ts';

/** How often books are looked at, and after so many looks what goes on is kept, so that a crash leaves something of it. */
const LOOK_MS = 1000;
const KEEP_LOOKS = 5;

export interface SwarmsWiring {
  config: Config;
  store: Store;
  watch: SiteWatch;
  admission: Awaited<ReturnType<typeof bootAdmission>>;
  metrics: Metrics;
  log: Log;
  signal: AbortSignal;
}

/** Luna 1's intervals, until there is a cluster. */
const TRACKER_DEFAULTS = { tracker_interval: 10, tracker_min_interval: 5, tracker_maxpeers: 200 };

/** The tracker, and what becomes of every swarm written down: for those who look, for Prometheus, and as a record of each wave. */
export async function bootSwarms({ config, store, watch, admission, metrics, log, signal }: SwarmsWiring) {
  const books = new Map<string, { of: SwarmOf; book: SwarmBook }>();
  const all = (): SwarmBook[] => [...books.values()].map(({ book }) => book);
  const meter = swarmMetrics(metrics.registry, () => all().map((book) => book.summary()).filter(({ machines }) => machines > 0).map((one) => ({ ...one, link: one.link?.mbit ?? null })));
  let link: number | null = null;
  let looks = 0;
  /** What is over, until the database has it: a book tells of it once. */
  const unkept: SwarmRecord[] = [];

  function bookOf(infoHash: string): { of: SwarmOf; book: SwarmBook } | null {
    const known = books.get(infoHash);
    if (known !== undefined) return known;
    const artefact = [...watch.current().artefacts.values()].find((one) => torrentsOf(one).includes(infoHash));
    if (artefact === undefined) return null;
    const { _id, osimage, osimageName, tree, rest } = artefact;
    const loaded = rest?.infoHash === infoHash ? { part: 'initramfs' as const, size: rest.size } : { part: 'tree' as const, size: tree.size };
    const of = { osimageId: osimage, osimage: watch.current().osimages.get(osimage)?.name ?? osimageName, artefact: _id, infoHash, ...loaded };
    const book = createSwarmBook(of, { now: () => performance.now(), date: () => new Date(), machineAt: (ip) => admission.machineAt(ip), serverLink: () => link });
    const made = { of, book };
    books.set(infoHash, made);
    return made;
  }

  const audience: NonNullable<TrackerSource['audience']> = {
    heard: (infoHash, announced) => { bookOf(infoHash)?.book.heard(announced); },
    shaped(infoHash, event) {
      const found = bookOf(infoHash);
      const told = found?.book.shaped(event);
      if (found === null || told === undefined || told === null) return;
      meter.shaped(found.of, told.kind, told.nodes.length);
      log.warn('swarm.trouble', { osimage: found.of.osimage, part: found.of.part, kind: told.kind, nodes: told.nodes, why: told.why });
    },
    refused: () => { meter.refused(); },
  };

  const tracker = createTracker({
    isServed: (infoHash) => [...watch.current().artefacts.values()].some((one) => torrentsOf(one).includes(infoHash)),
    settings: () => watch.current().cluster ?? TRACKER_DEFAULTS,
    isOwn: (ip) => admission.isOwn(ip),
    isAdmitted: (ip, infoHash) => admission.isAdmitted(ip, infoHash),
    switchOf: (ip) => admission.machineAt(ip).switch,
    audience,
  }, log);

  async function look(): Promise<void> {
    looks += 1;
    link = linkOf(watch.current().cluster?.frontend_address ?? null);
    const open: SwarmRecord[] = [];
    for (const [infoHash, { of, book }] of books) {
      const record = book.look();
      const going = looks % KEEP_LOOKS === 0 ? book.open() : null;
      if (record !== null) {
        meter.wave(of, record.copies * of.size, record.last);
        const { osimage, part, machines, done, last, bound, share, copies } = record;
        log.info('swarm.wave', { osimage, part, machines, done, last, bound, share, copies });
      }
      if (record !== null) unkept.push(record);
      if (going !== null) open.push(going);
      if (book.summary().machines === 0 && book.open() === null && !watch.current().artefacts.has(of.artefact)) books.delete(infoHash);
    }
    for (const one of open) await keepSwarm(store, one);
    while (unkept[0] !== undefined) {
      await keepSwarm(store, unkept[0]);
      unkept.shift();
    }
  }

  await endInterruptedSwarms(store, new Date().toISOString());
  const told = await tellOn(swarmSocket(config.runDir), (path) => {
    const infoHash = path.slice(1);
    if (infoHash === '') return [...all()].map((book) => book.summary()).filter(({ machines }) => machines > 0);
    if (infoHash === 'events') return [...books.values()].flatMap(({ of, book }) => book.events().map((event) => ({ osimage: of.osimage, part: of.part, ...event })));
    const found = books.get(infoHash);
    return found === undefined ? null : found.book.view(tracker.graph(infoHash));
  });
  const again = every(LOOK_MS, signal, log, 'swarm.look_failed', look);
  return {
    tracker,
    async stop(): Promise<void> {
      await again;
      await told.stop();
      for (const book of all()) {
        const open = book.open();
        if (open !== null) await keepSwarm(store, { ...open, endedAt: new Date().toISOString(), interrupted: true });
      }
    },
  };
}

/** What the card with an address of this machine says its link does, Mbit/s; null when it doesn't. */
function linkOf(address: string | null): number | null {
  const [device] = Object.entries(networkInterfaces()).find(([, addresses]) => addresses?.some((one) => one.address === address)) ?? [];
  if (device === undefined) return null;
  try {
    const mbit = Number(readFileSync(`/sys/class/net/${device}/speed`, 'utf8'));
    return mbit > 0 ? mbit : null;
  } catch {
    // A virtual card refuses to be read.
    return null;
  }
}
