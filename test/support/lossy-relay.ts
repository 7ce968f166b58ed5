import dgram from 'node:dgram';
import { once } from 'node:events';

/** A TFTP server's stand-in that passes every packet on but loses some. */
export interface LossyRelay {
  readonly port: number;
  /** Packets lost so far. */
  lost(): number;
  stop(): void;
}

/**
 * Relays between clients and a TFTP server on the loopback. Loses every packet after the request that `loses` says true
 * for; a client sees the relay's second port as the transfer's, as RFC 1350 §4 has it.
 */
export async function lossyRelay(serverPort: number, loses: () => boolean): Promise<LossyRelay> {
  const front = dgram.createSocket('udp4');
  const sockets = [front];
  let lost = 0;

  function pass(socket: dgram.Socket, data: Buffer, port: number): void {
    if (loses()) lost += 1;
    else socket.send(data, port, '127.0.0.1');
  }

  front.on('message', (request, client) => {
    const toServer = dgram.createSocket('udp4');
    const toClient = dgram.createSocket('udp4');
    let transferPort = 0;
    sockets.push(toServer, toClient);
    toServer.on('message', (data, from) => {
      transferPort = from.port;
      pass(toClient, data, client.port);
    });
    toClient.on('message', (data) => pass(toServer, data, transferPort));
    toServer.send(request, serverPort, '127.0.0.1');
  });
  front.bind(0, '127.0.0.1');
  await once(front, 'listening');
  return { port: front.address().port, lost: () => lost, stop: () => sockets.forEach((socket) => socket.close()) };
}
