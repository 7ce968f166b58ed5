import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where one machine, or the server, runs a client. */
export interface Place { address: string; server: string; folder: string; own: string; infoHash: string }

/** A way to bring one file to many machines. Each keeps it as `image` in its own folder. */
export interface Client {
  tracker: 'shaped' | 'stock';
  /** What serves the file, beside the tracker; null: luna's own seeder. */
  seed: ((place: Place) => string[]) | null;
  fetch: (place: Place) => string[];
  /** Writes the files that `fetch` or `seed` name. */
  prepare?(place: Place): void;
  /** When the file was whole, in milliseconds of the epoch; null: not yet. */
  finished(own: string): number | null;
}

/** Written by hooks of clients that are not ours. */
const done = (own: string): number | null => (existsSync(join(own, 'done')) ? statSync(join(own, 'done')).mtimeMs : null);

const aria2 = [
  '--quiet', '--no-conf', '--enable-dht=false', '--enable-dht6=false', '--bt-enable-lpd=false', '--listen-port=6881', '--seed-ratio=0.0',
  // The common start takes longer than a tracker that is asked usually does.
  '--bt-tracker-timeout=120', '--bt-tracker-connect-timeout=120', '--file-allocation=none',
];

/** The node's own peer, and what it is measured beside, each as it comes. `peer` is the path of the former; `verbose` makes it write a trace. */
export function clients(peer: string, verbose = false): Record<'luna' | 'aria2' | 'libtorrent' | 'nginx', Client> {
  return {
    luna: {
      tracker: 'shaped', seed: null,
      fetch: ({ address, folder, own }) => [
        // Seventy-two machines share two cores here: more threads each would only wake each other.
        'env', 'GOMAXPROCS=1', peer, ...['torrent', 'manifest', 'signature', 'key'].flatMap((one) => [`-${one}`, join(folder, `image.${one}`)]),
        '-file', join(own, 'image'), '-status', join(own, 'status'), '-listen', `${address}:6881`, ...(verbose ? ['-verbose'] : []),
      ],
      finished(own) {
        const status = join(own, 'status');
        if (!existsSync(status) || !readFileSync(status, 'utf8').startsWith('percent=100\n')) return null;
        return statSync(status).mtimeMs;
      },
    },
    aria2: {
      tracker: 'stock',
      seed: ({ folder }) => ['aria2c', `--dir=${folder}`, '--check-integrity=true', ...aria2, join(folder, 'image.torrent')],
      prepare({ own }) { writeFileSync(join(own, 'hook'), `#!/bin/sh\n: >${own}/done\n`, { mode: 0o755 }); },
      fetch: ({ folder, own }) => ['aria2c', `--dir=${own}`, `--on-bt-download-complete=${join(own, 'hook')}`, ...aria2, join(folder, 'image.torrent')],
      finished: done,
    },
    libtorrent: {
      tracker: 'stock',
      seed: ({ address, folder }) => ['/usr/bin/python3', join(import.meta.dirname, 'stock-libtorrent.py'), join(folder, 'image.torrent'), folder, address, 'seed'],
      fetch: ({ address, folder, own }) => ['/usr/bin/python3', join(import.meta.dirname, 'stock-libtorrent.py'), join(folder, 'image.torrent'), own, address, 'fetch'],
      finished: done,
    },
    nginx: {
      tracker: 'stock',
      seed: ({ folder }) => ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')],
      prepare({ server, folder }) { writeFileSync(join(folder, 'nginx.conf'), nginxConf(server, folder)); },
      fetch: ({ server, own }) => ['sh', '-c', `curl -s http://${server}:7050/begin && curl -s -o ${own}/image http://${server}:8080/image && touch ${own}/done`],
      finished: done,
    },
  };
}

function nginxConf(address: string, folder: string): string {
  return `user root; daemon off; worker_processes 1; pid ${folder}/nginx.pid; error_log stderr error;
    events { worker_connections 1024; }
    http {
      access_log off; sendfile on; tcp_nopush on;
      client_body_temp_path ${folder}/nginx; proxy_temp_path ${folder}/nginx; fastcgi_temp_path ${folder}/nginx; uwsgi_temp_path ${folder}/nginx; scgi_temp_path ${folder}/nginx;
      server { listen ${address}:8080; root ${folder}; }
    }`;
}
