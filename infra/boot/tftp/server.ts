import type { Log } from '../../log.ts';
import { type Listener, openListeners } from '../listeners.ts';
import type { PacketService } from '../packet-service.ts';
import type { Files } from './files.ts';
import { decode, encode, errorCode, type TftpError, type TftpRequest } from './packet.ts';
import { createSessions, type Limits, type Peer } from './sessions.ts';

/** What the TFTP server needs. */
export interface TftpDeps {
  /** The devices and own addresses to serve on; asked at start and at `reconcile()`. */
  interfaces(): readonly { readonly name: string; readonly address: string }[];
  readonly files: Files;
  readonly log: Log;
  /** UDP port; 69 unless told. */
  readonly port?: number;
  /** Transfers at once: 512 in all and 4 of one client unless told. */
  readonly limits?: Limits;
}

/** Serves files read-only (RFC 1350, 2347, 2348, 2349). Throws SystemCallError when a port can't be had. */
export async function startTftp(deps: TftpDeps): Promise<PacketService> {
  const { log } = deps;
  const sessions = createSessions(deps.limits ?? { all: 512, perClient: 4 }, log);

  async function handle(data: Uint8Array, peer: Peer, at: Listener): Promise<void> {
    const packet = decode(data);
    switch (packet.type) {
      case 'read':
        return read(packet, peer, at);
      case 'write':
        return refuse({ type: 'error', code: errorCode.accessViolation, message: 'read only' }, packet, peer, at);
      case 'data':
      case 'ack':
      case 'oack':
      case 'error':
        // A stray packet of a transfer that is over. Answering errors with errors would never end.
        return;
    }
  }

  async function read(request: TftpRequest<'read'>, peer: Peer, at: Listener): Promise<void> {
    const session = sessions.admit(peer, request.file);
    if (session === null) return;
    try {
      const content = await deps.files(request.file);
      const refusal = refusalOf(request, content);
      if (content === null || refusal !== null) {
        session.leave();
        return refuse(refusal ?? notFound, request, peer, at);
      }
      await session.begin(request, content, at.binding.device, at.binding.address);
    } catch (error) {
      session.leave();
      throw error;
    }
  }

  function refuse(error: TftpError, request: TftpRequest, peer: Peer, at: Listener): void {
    log.info('tftp.refused', { client: `${peer.address}:${peer.port}`, file: request.file, reason: error.message });
    at.socket.send(encode(error), peer.port, peer.address, () => undefined);
  }

  const listeners = await openListeners({
    service: 'tftp',
    log,
    wanted: () => deps.interfaces().map(({ name, address }) => ({ device: name, address, port: deps.port ?? 69 })),
    received(data, peer, at) {
      handle(data, peer, at).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        log.warn('tftp.dropped', { client: `${peer.address}:${peer.port}`, reason });
      });
    },
  });

  return {
    get addresses() {
      return listeners.addresses();
    },
    reconcile: () => listeners.reconcile(),
    async stop() {
      await listeners.stop();
      sessions.stop();
    },
  };
}

const notFound: TftpError = { type: 'error', code: errorCode.notFound, message: 'no such file' };

/** Every file served is binary; in netascii (RFC 1350 §1) it would arrive broken. */
function refusalOf(request: TftpRequest<'read'>, content: Uint8Array | null): TftpError | null {
  if (content === null) return notFound;
  if (request.mode === 'octet') return null;
  return { type: 'error', code: errorCode.illegalOperation, message: `mode ${request.mode} is not served, ask for octet (binary)` };
}
