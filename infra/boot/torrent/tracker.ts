import type { IncomingMessage, ServerResponse } from 'node:http';
import Server, { type AnnounceParams, type AnnounceResponse, type Callback, type Peer, type Swarm } from 'bittorrent-tracker/server';
import type { Cluster } from '../../../domain/cluster.ts';
import type { Log } from '../../log.ts';
import { failure } from './metainfo.ts';

/** What the tracker asks of its surroundings. Called for every announce, so from memory. */
export interface TrackerSource {
  /** Whether a torrent of that info hash (hex) is served. */
  isServed(infoHash: string): boolean;
  /** Intervals in seconds and the most peers told at once. */
  settings(): Pick<Cluster, 'tracker_interval' | 'tracker_min_interval' | 'tracker_maxpeers'>;
}

/** A tracker without a socket of its own (BEP 3, BEP 23). */
export interface BootTracker {
  answer(req: IncomingMessage, res: ServerResponse): void;
  refuse(res: ServerResponse, reason: string): void;
  stop(): void;
}

/** The library evicts the longest silent peer beyond this, so it is more than any site has. */
const MOST_PEERS = 20_000;

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
    filter: (infoHash, _params, callback) => { callback(source.isServed(infoHash) ? null : new Error('no such image is served here')); },
  });
  server.createSwarm = (infoHash, callback) => {
    const swarm = siteSwarm(infoHash, server, source);
    server.torrents[infoHash] = swarm;
    // The library's own swarms arrive a tick later too.
    process.nextTick(callback, null, swarm);
  };
  server.on('warning', (error: Error) => { log.debug('tracker.refused', { reason: error.message }); });
  server.on('error', (error: Error) => { log.error('tracker.failed', { error }); });
  return {
    answer(req, res) {
      server.intervalMs = source.settings().tracker_interval * 1000;
      res.setHeader('Content-Type', 'text/plain');
      server.onHttpRequest(req, res);
    },
    refuse(res, reason) {
      log.info('tracker.not_admitted', { reason });
      res.setHeader('Content-Type', 'text/plain');
      res.end(failure(reason));
    },
    stop: () => { server.close(); },
  };
}

/** A swarm that tells the site's intervals and limits, and nobody about itself. */
function siteSwarm(infoHash: string, server: Server, source: TrackerSource): Swarm {
  class SiteSwarm extends Server.Swarm {
    override announce(params: AnnounceParams, callback: Callback<AnnounceResponse>): void {
      const settings = source.settings();
      const numwant = Math.max(0, Math.min(params.numwant, settings.tracker_maxpeers));
      super.announce({ ...params, numwant }, (error, response) => {
        callback(error, response && { ...response, 'min interval': settings.tracker_min_interval });
      });
    }

    override _getPeers(numwant: number, ownPeerId: string, isWebRTC: boolean): Peer[] {
      return super._getPeers(numwant + 1, ownPeerId, isWebRTC).filter((peer) => peer.peerId !== ownPeerId).slice(0, numwant);
    }
  }
  return new SiteSwarm(infoHash, server);
}
