declare module 'webtorrent' {
  import type { EventEmitter } from 'node:events';
  import type { Server } from 'node:net';

  export interface ClientOptions {
    torrentPort?: number;
    maxConns?: number;
    dht?: boolean;
    lsd?: boolean;
    utPex?: boolean;
    natUpnp?: boolean;
    natPmp?: boolean;
    utp?: boolean;
    webSeeds?: boolean;
    seedOutgoingConnections?: boolean;
    /** 0: no protocol encryption. */
    secure?: 0 | 1 | 2;
  }

  export interface TorrentOptions { path: string; skipVerify?: boolean; uploads?: number }

  export interface Torrent extends EventEmitter {
    readonly infoHash: string;
    readonly name: string;
    readonly ready: boolean;
    readonly numPeers: number;
    readonly uploaded: number;
    readonly discovery: { readonly tracker: { update(): void } | null } | null;
    destroy(options: { destroyStore?: boolean }, callback?: () => void): void;
  }

  export default class WebTorrent extends EventEmitter {
    constructor(options?: ClientOptions);
    readonly listening: boolean;
    /** Its listening socket; not documented, but the only place where a connection can be refused before it is answered. */
    readonly _connPool: { readonly tcpServer: Server };
    add(torrent: Uint8Array, options: TorrentOptions): Torrent;
    address(): { port: number } | null;
    destroy(callback?: (error?: Error | null) => void): void;
  }
}
