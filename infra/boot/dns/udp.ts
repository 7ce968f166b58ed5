import dgram from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Log } from '../../log.ts';
import type { Meter } from '../../meter.ts';
import type { Exchange } from './exchange.ts';
import type { Endpoint } from './server.ts';

/** Bytes for queries that wait; the kernel gives as much of it as it may. */
const BUFFER = 4 * 1024 * 1024;

/** Answers datagrams to one address. Rejects with the system's error (EADDRINUSE, EACCES, EADDRNOTAVAIL). */
export async function listenUdp(address: string, port: number, exchange: Exchange, { log, meter }: { log: Log; meter: Meter }): Promise<Endpoint> {
  const socket = dgram.createSocket({ type: isIPv6(address) ? 'udp6' : 'udp4', recvBufferSize: BUFFER });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  const failed = Promise.withResolvers<Error>();
  socket.on('error', failed.resolve);
  socket.on('message', (data, from) => {
    exchange(data, { address: from.address, tcp: false }, (messages) => {
      for (const message of messages) {
        socket.send(message, from.port, from.address, (error) => {
          if (error === null) meter.sent(message.length);
          else log.debug('dns.not_sent', { to: from.address, reason: error.message });
        });
      }
    });
  });
  return { port: socket.address().port, failed: failed.promise, stop: () => new Promise((resolve) => { socket.close(() => { resolve(); }); }) };
}
