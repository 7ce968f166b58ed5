import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import WebTorrent, { type Torrent } from 'webtorrent';
import type { Log } from '../../log.ts';
import { createLimiter } from '../limiter.ts';
import { withTracker } from './metainfo.ts';

/** A file to be seeded, and its .torrent; both lie in the seeder's folder. */
export interface Seed {
  infoHash: string;
  file: string;
  torrentFile: string;
  /** Bytes of the whole file. */
  size: number;
  /** The image it is of. */
  osimage: string;
  /** URL of the tracker. */
  announce: string;
}

/** Where to listen and what from. */
export interface SeederOptions {
  /** TCP port; 0 takes a free one. */
  port: number;
  directory: string;
  /** Whether a machine with this address may connect. Asked for every connection, so from memory. */
  isAdmitted(address: string): boolean;
  log: Log;
}

/** A running seeder. */
export interface Seeder {
  port: number;
  /** Seeds these files and no others. A file that is missing or has another size is logged and tried again at the next call. */
  seed(wanted: readonly Seed[]): Promise<void>;
  /** Payload bytes sent since it began. */
  sent(): number;
  stop(): Promise<void>;
}

/** More than ever connect at a time: the tracker tells each machine some peers only. */
const MOST_CONNECTIONS = 500;

/**
 * A tracker that was restarted knows of no seeder until it announces itself, and machines that hang on it get nothing
 * meanwhile: the library's own interval, and the quarter of an hour after an announce that failed, are longer than a transfer.
 */
const ANNOUNCE_AGAIN_MS = 2_000;

/** What is missing is looked for every second, and strangers knock as often as they like: the log names each once a minute. */
const ONCE_A_MINUTE = { rate: 1 / 60, burst: 1, clients: 1000, now: () => performance.now() };

/** Starts a seeder; rejects when the port is taken. It only answers: machines find it through the tracker and connect. */
export async function startSeeder(options: SeederOptions): Promise<Seeder> {
  const { port, directory, log } = options;
  const client = new WebTorrent({
    torrentPort: port, maxConns: MOST_CONNECTIONS, seedOutgoingConnections: false,
    dht: false, lsd: false, utPex: false, natUpnp: false, natPmp: false, utp: false, webSeeds: false, secure: 0,
  });
  refuseStrangers(client, options);
  await new Promise<void>((resolve, reject) => {
    client.once('error', reject);
    client.once('listening', resolve);
  });
  // From here on an error of the whole client is a defect: the process ends and is started again.
  client.removeAllListeners('error');
  const mayComplain = createLimiter(ONCE_A_MINUTE);
  // Of torrents that are no longer seeded.
  let sentBefore = 0;
  const torrents = new Map<string, { torrent: Torrent; announce: string; heard: number }>();

  async function add(wanted: Seed): Promise<void> {
    const { announce, size } = wanted;
    const path = join(directory, wanted.file);
    // The library would make an empty file of the right name and serve that, and of a short one what it has.
    const found = await stat(path).catch(() => null);
    const why = found === null ? 'is missing' : found.size === size ? null : `has ${found.size} bytes, ${size} were packed`;
    if (why !== null) throw new Error(`${path} ${why}`);
    const metainfo = withTracker(await readFile(join(directory, wanted.torrentFile)), { announce, urlList: [] });
    const torrent = client.add(metainfo, { path: directory, skipVerify: true, uploads: MOST_CONNECTIONS });
    const entry = { torrent, announce, heard: Date.now() };
    torrents.set(wanted.infoHash, entry);
    torrent.on('ready', () => { log.info('seeder.seeding', { file: wanted.file, infoHash: torrent.infoHash }); });
    torrent.on('trackerAnnounce', () => { entry.heard = Date.now(); });
    torrent.on('warning', (error: Error) => { log.debug('seeder.warning', { file: wanted.file, reason: error.message }); });
    torrent.on('error', (error: Error) => {
      log.error('seeder.failed', { file: wanted.file, error });
      torrents.delete(wanted.infoHash);
    });
  }

  async function remove(infoHash: string): Promise<void> {
    const entry = torrents.get(infoHash);
    torrents.delete(infoHash);
    sentBefore += entry?.torrent.uploaded ?? 0;
    await new Promise<void>((resolve) => {
      if (entry === undefined) resolve();
      else entry.torrent.destroy({ destroyStore: false }, resolve);
    });
    log.info('seeder.stopped', { infoHash });
  }

  const nudge = setInterval(() => {
    for (const entry of torrents.values()) {
      if (Date.now() - entry.heard > ANNOUNCE_AGAIN_MS) entry.torrent.discovery?.tracker?.update();
    }
  }, ANNOUNCE_AGAIN_MS / 3);

  return {
    port: client.address()?.port ?? port,
    async seed(wanted) {
      for (const [infoHash, entry] of torrents) {
        const same = wanted.find((one) => one.infoHash === infoHash && one.announce === entry.announce);
        if (same === undefined) await remove(infoHash);
      }
      for (const one of wanted.filter(({ infoHash }) => !torrents.has(infoHash))) {
        await add(one).catch((error: unknown) => {
          if (mayComplain(one.infoHash)) log.warn('seeder.not_seeded', { file: one.file, error, next: `luna osimage pack ${one.osimage}` });
        });
      }
    },
    sent: () => [...torrents.values()].reduce((all, { torrent }) => all + torrent.uploaded, sentBefore),
    async stop() {
      clearInterval(nudge);
      await new Promise<void>((resolve) => { client.destroy(() => { resolve(); }); });
    },
  };
}

/** Closes connections of machines that are not being installed before the protocol says a word. */
function refuseStrangers(client: WebTorrent, options: SeederOptions): void {
  const mayLog = createLimiter(ONCE_A_MINUTE);
  client._connPool.tcpServer.prependListener('connection', (socket: Socket) => {
    // The listening socket is IPv6 for both families, so IPv4 addresses come mapped.
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    if (options.isAdmitted(address)) return;
    if (mayLog(address)) options.log.info('seeder.not_admitted', { ip: address });
    socket.destroy();
  });
}
