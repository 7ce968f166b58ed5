declare module 'bittorrent-tracker/server' {
  import type { EventEmitter } from 'node:events';
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface AnnounceParams { event?: string; numwant: number; peer_id: string; left: number; ip: string; port: number; addr: string; [extra: string]: unknown }
  export interface AnnounceResponse { complete: number; incomplete: number; peers: Pick<Peer, 'ip' | 'port'>[]; interval?: number; 'min interval'?: number; 'luna stripes'?: number; 'luna interval'?: number; 'luna who'?: number; 'luna held'?: number; 'luna seeder'?: string; 'luna children'?: string }
  export interface Peer { type: string; complete: boolean; peerId: string; ip: string; port: number }
  export type Callback<T> = (error: Error | null, result?: T) => void;

  export class Swarm {
    constructor(infoHash: string, server: Server);
    complete: number;
    incomplete: number;
    announce(params: AnnounceParams, callback: Callback<AnnounceResponse>): void;
    _getPeers(numwant: number, ownPeerId: string, isWebRTC: boolean): Peer[];
  }

  export interface Options {
    http?: boolean;
    udp?: boolean;
    ws?: boolean;
    stats?: boolean;
    trustProxy?: boolean;
    /** Milliseconds. */
    interval?: number;
    peersCacheLength?: number;
    peersCacheTtl?: number;
    filter?: (infoHash: string, params: AnnounceParams, callback: (error?: Error | null) => void) => void;
  }

  export default class Server extends EventEmitter {
    static Swarm: typeof Swarm;
    constructor(options?: Options);
    intervalMs: number;
    torrents: Record<string, Swarm>;
    createSwarm(infoHash: string, callback: Callback<Swarm>): void;
    onHttpRequest(req: IncomingMessage, res: ServerResponse): void;
    close(callback?: () => void): void;
  }
}
