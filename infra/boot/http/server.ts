import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../../log.ts';

/** A running service. */
export interface BootHttpServer { address: AddressInfo; stop(): Promise<void> }

/** Where and for whom to listen. */
export interface BootHttpListen {
  app: RequestListener;
  port: number;
  /** Address to bind; all of IPv4 unless told. */
  host?: string;
  /** Whether to answer on this address of the controller: it must lie in a network declared for provisioning. */
  isServed(localAddress: string): boolean;
  log: Log;
}

/** Idle connections of agents and iPXE outlive the pause between two of their calls. */
const KEEP_ALIVE_MS = 30_000;

/** Listens for nodes. Connections to an address that is not served are closed without an answer. Rejects when the port is taken. */
export async function startBootHttp(options: BootHttpListen): Promise<BootHttpServer> {
  const { app, port, host = '0.0.0.0', log } = options;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 60_000 }, app);
  server.on('connection', (socket) => {
    if (options.isServed(socket.localAddress ?? '')) return;
    log.debug('http.not_served', { local: socket.localAddress, ip: socket.remoteAddress });
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', (error) => { log.error('http.error', { error }); });
  const address = server.address() as AddressInfo;
  return {
    address,
    stop: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      // Agents hold long polls open; they ask again, so cutting them loses nothing.
      server.closeAllConnections();
    }),
  };
}
