import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Meter } from '../../meter.ts';
import { boundConnection } from './kernel-copy.ts';

/** How many connections there may be. */
export interface ConnectionLimits {
  /** Of one address. */
  readonly perClient: number;
  readonly inAll: number;
}

/** A node needs a handful; a program that fetches for many, or a NAT in front of a rack, needs many. In all: 40 KB each. */
const USUAL_CONNECTIONS: ConnectionLimits = { perClient: 256, inAll: 4096 };

/**
 * Bytes that wait in the kernel for a slow client at most. Of files these are references to the page cache, which cost
 * nothing: the more there are, the less often the client must be looked after. What is encrypted is a copy.
 */
const UNSENT = { plain: 4 * 1024 * 1024, encrypted: 256 * 1024 };
/** A machine that was switched off in the middle confirms nothing any more. */
const DEAD_MS = 60_000;

/** The open connections of the service. */
export interface Connections {
  /** Takes note of a new connection; false when it must be refused. */
  admit(socket: Socket, server: Pick<Server, 'closeIdleConnections'>, kind: keyof typeof UNSENT): boolean;
  readonly count: number;
}

/**
 * Counts connections by address, of all servers that share this. Beyond the limit in all, connections that nobody uses are
 * closed first.
 */
export function boundConnections(meter: Meter, limits = USUAL_CONNECTIONS): Connections {
  const byClient = new Map<string, number>();
  let count = 0;
  meter.gauge('connections', 'Connections that are open.', () => count);

  return {
    admit(socket, server, kind) {
      const client = addressOf(socket.remoteAddress);
      const own = byClient.get(client) ?? 0;
      if (count >= limits.inAll) server.closeIdleConnections();
      if (own >= limits.perClient || count >= limits.inAll) return false;
      byClient.set(client, own + 1);
      count += 1;
      socket.once('close', () => {
        count -= 1;
        const left = (byClient.get(client) ?? 1) - 1;
        if (left > 0) byClient.set(client, left);
        else byClient.delete(client);
      });
      socket.setKeepAlive(true, DEAD_MS);
      boundConnection(socket, { unsent: UNSENT[kind], ms: DEAD_MS });
      return true;
    },
    get count() { return count; },
  };
}

/** An address as it is written for its own family: a socket for both has IPv4 addresses mapped into IPv6. */
export function addressOf(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=\d+\.)/, '');
}
