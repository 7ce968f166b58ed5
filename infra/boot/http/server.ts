import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer, type Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Log } from '../../log.ts';
import type { Meter } from '../../meter.ts';
import { addressOf, type Connections } from './connections.ts';
import { complaints } from './complaints.ts';

/** A running service. */
export interface BootHttpServer { address: AddressInfo; stop(): Promise<void> }

/** Where and for whom to listen. */
export interface BootHttpListen {
  app: RequestListener;
  port: number;
  /** Address to bind; all of IPv4 unless told, `::` is all of IPv6. */
  host?: string;
  /** Whether to answer on this address of the controller: it must lie in a network declared for provisioning. */
  isServed(localAddress: string): boolean;
  /** Shared by all that listen for this service. */
  readonly connections: Connections;
  /** Key and certificate in PEM: serves HTTPS and nothing else. */
  readonly tls?: { key: string; cert: string };
  readonly deadlines?: Partial<Deadlines>;
  readonly meter: Meter;
  log: Log;
}

/** How long a client may take, milliseconds. */
export interface Deadlines {
  /** From the connection, or the end of the answer before, until a request's headers have come. */
  headers: number;
  /** Until all of a request has come. */
  request: number;
  /** Idle connections of agents and iPXE outlive the pause between two of their calls. */
  idle: number;
  /** No byte in either direction, also of an answer that the client doesn't take; longer than a held call. */
  silence: number;
}

const USUAL_DEADLINES: Deadlines = { headers: 10_000, request: 30_000, idle: 30_000, silence: 60_000 };

/** Listens for nodes. Connections to an address that is not served are closed without an answer. Rejects when the port is taken. */
export async function startBootHttp(options: BootHttpListen): Promise<BootHttpServer> {
  const { app, port, host = '0.0.0.0', log } = options;
  const settings = serverSettings(options.deadlines);
  // The oldest firmware that boots by HTTPS speaks TLS 1.2.
  const server = options.tls === undefined ? createServer(settings, app)
    : createSecureServer({ ...settings, ...options.tls, minVersion: 'TLSv1.2', handshakeTimeout: settings.headersTimeout }, app);
  server.timeout = { ...USUAL_DEADLINES, ...options.deadlines }.silence;
  guard(server, options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // Without ipv6Only, `::` would take IPv4's port as well.
    server.listen({ port, host, ipv6Only: true }, resolve);
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

function serverSettings(deadlines: Partial<Deadlines> = {}) {
  const { headers, request, idle } = { ...USUAL_DEADLINES, ...deadlines };
  return {
    headersTimeout: headers, requestTimeout: request, keepAliveTimeout: idle,
    // Node looks for overdue requests this often; its own half minute would make a deadline of ten seconds one of forty.
    connectionsCheckingInterval: Math.min(1000, headers / 4),
    maxHeaderSize: 16 * 1024,
  };
}

/** Lets in who may come, and answers what is no HTTP. */
function guard(server: Server | SecureServer, { isServed, connections: open, tls, meter, log }: BootHttpListen): void {
  const complain = complaints(log);
  server.on('connection', (socket: Socket) => {
    const ip = addressOf(socket.remoteAddress);
    if (!isServed(addressOf(socket.localAddress))) {
      log.debug('http.not_served', { local: socket.localAddress, ip });
      meter.packet('connection', 'not_served');
      socket.destroy();
    } else if (!open.admit(socket, server, tls === undefined ? 'plain' : 'encrypted')) {
      meter.packet('connection', 'limited');
      complain('http.too_many_connections', ip, { open: open.count });
      // To a client that would speak TLS this means nothing; it is over for it all the same.
      refuse(socket, '503 Service Unavailable\r\nRetry-After: 1');
    }
  });
  // What comes after a request that is being answered must not be answered in the middle of that.
  const answers = new WeakMap<Socket, ServerResponse>();
  server.on('request', ({ socket }, res) => { answers.set(socket, res); });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
    // A reset is no request at all: machines that are switched off in the middle make many.
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') {
      meter.packet('request', late ? 'late' : 'malformed');
      complain(late ? 'http.late' : 'http.malformed', addressOf(socket.remoteAddress), { reason: error.message, code: error.code });
    }
    const answer = answers.get(socket);
    const greeting = /^ERR_(SSL|TLS)/.test(error.code ?? '');
    if (greeting || (answer?.headersSent && !answer.writableFinished)) socket.destroy();
    else refuse(socket, statusLine(error.code));
  });
}

function statusLine(code: string | undefined): string {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT': return '408 Request Timeout';
    case 'HPE_HEADER_OVERFLOW': return '431 Request Header Fields Too Large';
    default: return '400 Bad Request';
  }
}

/** One answer, and the connection is over whether it is read or not. */
function refuse(socket: Socket, status: string): void {
  socket.on('error', () => undefined);
  if (!socket.writable) socket.destroy();
  else socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => { socket.destroy(); });
}
