import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Log } from '../../log.ts';
import type { Meter } from '../../meter.ts';
import type { Exchange } from './exchange.ts';
import type { Endpoint } from './server.ts';

/** A connection that asks nothing, or does not take its answers, is closed after so long (RFC 7766 §6.2.3). */
const IDLE_MS = 10_000;
/** Connections at once: of one client, and on one address in all. */
const MOST = { perClient: 16, inAll: 512 } as const;
/** Queries of one connection that may wait for their answers. */
const MOST_AT_ONCE = 100;

/** Answers queries by TCP on one address. Rejects with the system's error. */
export async function listenTcp(address: string, port: number, exchange: Exchange, { log, meter }: { log: Log; meter: Meter }): Promise<Endpoint> {
  const clients = new Map<string, number>();
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    const client = socket.remoteAddress ?? '';
    const count = clients.get(client) ?? 0;
    if (count >= MOST.perClient) {
      meter.packet('connection', 'limited');
      socket.destroy();
      return;
    }
    clients.set(client, count + 1);
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      const left = (clients.get(client) ?? 1) - 1;
      if (left === 0) clients.delete(client);
      else clients.set(client, left);
    });
    serve(socket, client, exchange, meter);
  });
  server.maxConnections = MOST.inAll;
  server.listen({ host: address, port, exclusive: true });
  await once(server, 'listening');
  const failed = Promise.withResolvers<Error>();
  server.on('error', failed.resolve);
  server.on('drop', () => { meter.packet('connection', 'limited'); });
  const bound = server.address();
  return {
    port: bound !== null && typeof bound === 'object' ? bound.port : port,
    failed: failed.promise,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed.catch((error: unknown) => { log.debug('dns.close', { error }); });
    },
  };
}

function serve(socket: Socket, address: string, exchange: Exchange, meter: Meter): void {
  let waiting = Buffer.alloc(0);
  let asked = 0;
  // Transfers are sent one after the other, in pace with the client.
  let sending: Promise<void> = Promise.resolve();
  socket.setNoDelay(true);
  socket.setTimeout(IDLE_MS, () => { socket.destroy(); });
  socket.on('error', () => { socket.destroy(); });
  socket.on('data', (chunk) => {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    take();
  });

  function take(): void {
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      if (asked >= MOST_AT_ONCE) {
        socket.pause();
        return;
      }
      const end = 2 + waiting.readUInt16BE(0);
      const data = waiting.subarray(2, end);
      waiting = waiting.subarray(end);
      asked++;
      exchange(data, { address, tcp: true }, (messages) => {
        sending = sending.then(() => sendAll(messages)).catch(() => { socket.destroy(); }).finally(answered);
      });
    }
  }

  function answered(): void {
    asked--;
    if (!socket.isPaused() || socket.destroyed) return;
    socket.resume();
    take();
  }

  async function sendAll(messages: Iterable<Buffer>): Promise<void> {
    for (const message of messages) {
      if (socket.destroyed) return;
      const length = Buffer.allocUnsafe(2);
      length.writeUInt16BE(message.length);
      meter.sent(message.length + 2);
      socket.write(length);
      // Whoever does not read runs into the time-out, which closes the connection.
      if (!socket.write(message)) await drained(socket);
    }
  }
}

/** Resolves when a socket takes more, or never will. */
async function drained(socket: Socket): Promise<void> {
  const listening = new AbortController();
  const either = ['drain', 'close'].map((event) => once(socket, event, { signal: listening.signal }));
  await Promise.race(either).finally(() => { listening.abort(); });
  // Whichever did not come ends by the abort.
  await Promise.allSettled(either);
}
