import type { Socket } from 'node:dgram';
import type { Log } from '../../log.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { openUdp } from '../udp.ts';
import { negotiate } from './options.ts';
import { decode, encode, errorCode, type TftpRequest } from './packet.ts';
import { createTransfer, type Transfer } from './transfer.ts';

/** Address and port a client speaks from. */
export interface Peer {
  readonly address: string;
  readonly port: number;
}

/** How many transfers run at once. */
export interface Limits {
  readonly all: number;
  readonly perClient: number;
}

/** The transfers under way, each on a port of its own as RFC 1350 §4 wants. */
export interface Sessions {
  /** Takes a place for the client; null when it has this very transfer already or no place is left. */
  admit(peer: Peer, file: string): Session | null;
  stop(): void;
}

/** A place among the transfers. */
export interface Session {
  /** Sends the content from a new port of `address` on `device`; resolves when it has begun. Throws SystemCallError. */
  begin(request: TftpRequest<'read'>, content: Uint8Array, device: string, address: string): Promise<void>;
  /** Gives the place back. */
  leave(): void;
}

/** No transfers yet. */
export function createSessions(limits: Limits, log: Log): Sessions {
  const running = new Map<string, { peer: Peer; transfer: Transfer | null }>();

  /** A ROM that asks for the size, breaks off without a word and asks again has given its oldest transfer up. */
  function makeRoom(address: string): void {
    const own = [...running.values()].filter(({ peer }) => peer.address === address);
    const [oldest] = own;
    if (oldest === undefined || own.length < limits.perClient) return;
    oldest.transfer?.abort('the same client began others');
    running.delete(`${address}:${oldest.peer.port}`);
  }

  return {
    admit(peer, file) {
      const key = `${peer.address}:${peer.port}`;
      // A repeated request: the transfer under way repeats its answer by itself.
      if (running.has(key)) return null;
      makeRoom(peer.address);
      if (running.size >= limits.all) {
        // Silence rather than an error: the client asks again, and by then there may be room.
        log.warn('tftp.busy', { client: key, file, transfers: running.size });
        return null;
      }
      const place: { peer: Peer; transfer: Transfer | null } = { peer, transfer: null };
      running.set(key, place);
      const leave = (): void => {
        if (running.get(key) === place) running.delete(key);
      };
      return {
        leave,
        async begin(request, content, device, address) {
          const socket = await openUdp({ device, address, port: 0 });
          if (running.get(key) !== place) return void socket.close();
          place.transfer = converse(request, content, peer, socket, log, leave);
          place.transfer.start();
        },
      };
    },
    stop() {
      for (const { transfer } of running.values()) transfer?.abort('the server stops');
      running.clear();
    },
  };
}

function converse(request: TftpRequest<'read'>, content: Uint8Array, peer: Peer, socket: Socket, log: Log, ended: () => void): Transfer {
  const began = Date.now();
  const who = { client: `${peer.address}:${peer.port}`, file: request.file };
  const send = (packet: Uint8Array, to: Peer): void => socket.send(packet, to.port, to.address, () => undefined);
  const transfer = createTransfer(content, negotiate(request.options, content.length), {
    send: (packet) => send(packet, peer),
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    now: Date.now,
    ended(outcome) {
      ended();
      socket.close();
      if (outcome.kind === 'done') log.info('tftp.sent', { ...who, bytes: content.length, ms: Date.now() - began });
      else log.info(`tftp.${outcome.kind}`, { ...who, reason: outcome.why });
    },
  });
  socket.on('error', (error) => transfer.abort(error.message));
  socket.on('message', (data, from) => {
    // RFC 1350 §4: a stranger's packet gets an error and disturbs nobody.
    if (from.address !== peer.address || from.port !== peer.port) {
      return send(encode({ type: 'error', code: errorCode.unknownTransfer, message: 'unknown transfer' }), from);
    }
    try {
      transfer.received(decode(data));
    } catch (error) {
      if (!(error instanceof MalformedPacket)) return transfer.abort(String(error));
      log.warn('tftp.dropped', { ...who, reason: error.message });
    }
  });
  return transfer;
}
