import type { IncomingMessage, ServerResponse } from 'node:http';
import Server from 'bittorrent-tracker/server';
import type { Cluster } from '../../../domain/cluster.ts';
import type { Log } from '../../log.ts';
import { createLimiter } from '../limiter.ts';
import type { Graph } from './graph.ts';
import { failure } from './metainfo.ts';
import { createShaper, type ShapeEvent, type Shaper } from './shaper.ts';
import { siteSwarm } from './site-swarm.ts';
import type { Announced } from './swarm-book.ts';

/** What the tracker asks of its surroundings. Called for every announce, so from memory. */
export interface TrackerSource {
  /** Whether a torrent of that info hash (hex) is served. */
  isServed(infoHash: string): boolean;
  /** Intervals in seconds and the most peers told at once. */
  settings(): Pick<Cluster, 'tracker_interval' | 'tracker_min_interval' | 'tracker_maxpeers'>;
  /** Whether an address is this controller's own: the seeder's. */
  isOwn(ip: string): boolean;
  /** Whether the machine with this address may load this image (info hash, hex) now. */
  isAdmitted(ip: string, infoHash: string): boolean;
  /** The switch that the machine with this address hangs on; null when nobody knows. */
  switchOf(ip: string): string | null;
  /** Who writes down what machines announce, and what becomes of the shape; nobody unless told. Must not throw. */
  readonly audience?: { heard(infoHash: string, announced: Announced): void; shaped(infoHash: string, event: ShapeEvent): void; refused(): void };
}

/** A tracker without a socket of its own (BEP 3, BEP 23). */
export interface BootTracker {
  answer(req: IncomingMessage, res: ServerResponse): void;
  refuse(res: ServerResponse, reason: string): void;
  /** The shape of a swarm as it is; null when nobody announced that info hash (hex) yet. */
  graph(infoHash: string): Graph | null;
  stop(): void;
}

/** The library evicts the longest silent peer beyond this, so it is more than any site has. */
const MOST_PEERS = 20_000;

/** Three trees: with more, machines that all hang on one slow one are fewer, but links carry more streams at once. */
const STRIPES = 3;

/** Who falls silent for three intervals is gone: Luna 1 told machines for ever that had long stopped. */
const SILENT_INTERVALS = 3;

/**
 * Makes the tracker. Who may announce at all is decided before it (`infra/boot/http/announce.ts`); a peer's address is that
 * of its connection, never what it says of itself.
 */
export function createTracker(source: TrackerSource, log: Log): BootTracker {
  const { tracker_interval } = source.settings();
  const server = new Server({
    http: false, udp: false, ws: false, stats: false, trustProxy: false,
    interval: tracker_interval * 1000,
    peersCacheLength: MOST_PEERS,
    peersCacheTtl: tracker_interval * SILENT_INTERVALS * 1000,
    filter(infoHash, { ip, port, compact }, callback) {
      // The library takes a port like 6.1, and throws where nobody catches when it tells others of it.
      if (!Number.isInteger(port)) callback(new Error('invalid port'));
      // It answers another `compact` than BEP 23's two with what no client can read.
      else if (compact !== 0 && compact !== 1) callback(new Error('invalid compact'));
      else if (!source.isServed(infoHash)) callback(new Error('no such image is served here'));
      else callback(source.isOwn(ip) || source.isAdmitted(ip, infoHash) ? null : new Error(`the machine at ${ip} does not install this image now`));
    },
  });
  const shapers = new Map<string, Shaper>();
  server.createSwarm = (infoHash, callback) => {
    const shaper = createShaper({
      stripes: STRIPES, spares: STRIPES, now: () => performance.now(),
      shaped: (event) => {
        log.info(`swarm.${event.kind}`, { infoHash, machines: event.ids, why: event.why });
        source.audience?.shaped(infoHash, event);
      },
    });
    shapers.set(infoHash, shaper);
    const swarm = siteSwarm(infoHash, server, source, shaper, log);
    server.torrents[infoHash] = swarm;
    // The library's own swarms arrive a tick later too.
    process.nextTick(callback, null, swarm);
  };
  // What the library says of a request may quote its URL, and with it the nonce of a boot.
  const told = ({ message }: Error): string => message.replace(/nonce=[^&\s]*/g, 'nonce=…');
  server.on('warning', (error: Error) => { log.debug('tracker.refused', { reason: told(error) }); });
  server.on('error', (error: Error) => { log.error('tracker.failed', { reason: told(error) }); });
  // Who is refused asks again, every second if he likes.
  const mayLog = createLimiter({ rate: 0.1, burst: 3, clients: 1000, now: () => performance.now() });
  return {
    answer(req, res) {
      server.intervalMs = source.settings().tracker_interval * 1000;
      res.setHeader('Content-Type', 'text/plain');
      server.onHttpRequest(req, res);
    },
    refuse(res, reason) {
      source.audience?.refused();
      if (mayLog(res.req.socket.remoteAddress ?? '')) log.info('tracker.not_admitted', { reason });
      res.setHeader('Content-Type', 'text/plain');
      res.end(failure(reason));
    },
    graph: (infoHash) => shapers.get(infoHash)?.graph() ?? null,
    stop: () => { server.close(); },
  };
}
