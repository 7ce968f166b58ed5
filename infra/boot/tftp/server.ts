import type { Seen } from '../../../domain/boot-record.ts';
import type { Log } from '../../log.ts';
import { createLimiter } from '../limiter.ts';
import { type Listener, openListeners } from '../listeners.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import type { Meter } from '../../meter.ts';
import type { PacketService } from '../packet-service.ts';
import { converse, converseFromSharedPort, type Subject } from './conversation.ts';
import type { Files } from './files.ts';
import { createMover } from './mover.ts';
import { netascii } from './netascii.ts';
import { decode, encode, errorCode, type TftpError, type TftpRequest } from './packet.ts';
import * as records from './records.ts';
import { createSessions, type Limits, type Peer, type Place } from './sessions.ts';

/** What the TFTP server needs. */
export interface TftpDeps {
  /** The devices and own addresses to serve on; asked at start and at `reconcile()`. */
  interfaces(): readonly { readonly name: string; readonly address: string }[];
  readonly files: Files;
  readonly log: Log;
  readonly meter: Meter;
  readonly seen: Seen;
  /** UDP port; 69 unless told. */
  readonly port?: number;
  /** Answer from the port asked, so that a firewall need know no other; else each transfer has a port of its own, as RFC 1350 §4 wants. */
  readonly singlePort?: boolean;
  readonly limits?: Limits;
}

const usualLimits: Limits = { all: 512, perClient: 4, rate: 20 };
/** Clients whose rates are remembered. */
const clientsRemembered = 4096;

/** Serves files read-only (RFC 1350, 2347, 2348, 2349, 7440). Throws SystemCallError when a port can't be had. */
export async function startTftp(deps: TftpDeps): Promise<PacketService> {
  const { log, meter, seen } = deps;
  const limits = deps.limits ?? usualLimits;
  const sessions = createSessions(limits);
  const now = (): number => performance.now();
  const mayAsk = createLimiter({ rate: limits.rate, burst: 2 * limits.rate, clients: clientsRemembered, now });
  const mayComplain = createLimiter({ rate: 1 / 60, burst: 1, clients: clientsRemembered, now });
  const mover = createMover((reason) => log.error('tftp.thread-failed', { reason }));
  meter.gauge('transfers', 'Transfers under way.', sessions.count);

  function received(data: Uint8Array, peer: Peer, at: Listener): void {
    const conversation = deps.singlePort === true && !isRequest(data) ? sessions.of(peer) : null;
    if (conversation !== null) return conversation.received(data);
    const packet = decode(data);
    if (packet.type !== 'read' && packet.type !== 'write') {
      // A stray packet of a transfer that is over. Answering errors with errors would never end.
      return meter.packet(packet.type, 'ignored');
    }
    if (!mayAsk(peer.address)) return meter.packet(kindOf(packet), 'limited');
    if (packet.type === 'write') return refuse({ type: 'error', code: errorCode.accessViolation, message: 'read only' }, packet, peer, at, 'refused');
    void read(packet, peer, at);
  }

  async function read(request: TftpRequest<'read'>, peer: Peer, at: Listener): Promise<void> {
    const place = sessions.admit(peer, request);
    if (place === 'repeated') return meter.packet('rrq', place);
    if (place === 'busy') {
      // Silence rather than an error: the client asks again, and by then there may be room.
      meter.packet('rrq', place);
      if (mayComplain(peer.address)) log.warn('tftp.busy', { client: peer.address, file: request.file, transfers: sessions.count() });
      return seen(records.unanswered(peer.address, request, `${sessions.count()} transfers are under way`));
    }
    try {
      const file = await deps.files(request.file, peer.address);
      const refusal = refusalOf(request, file);
      if (file === null || refusal !== null) {
        place.leave();
        return refuse(refusal ?? notFound, request, peer, at, file === null ? 'not-found' : 'refused');
      }
      begin(request, request.mode === 'netascii' ? netascii(file) : file, place, at);
    } catch (error) {
      place.leave();
      failed(error, peer, 'rrq');
    }
  }

  function begin(request: TftpRequest<'read'>, content: Uint8Array, place: Place, at: Listener): void {
    if (!place.taken()) return;
    const { peer } = place;
    const client = `${peer.address}:${peer.port}`;
    const subject: Subject = {
      request, content, peer, at,
      malformed: (reason) => complain(reason, peer, 'transfer', 'malformed'),
      ended(outcome, ms) {
        place.leave();
        meter.packet('transfer', outcome.kind);
        if (outcome.kind === 'done') {
          meter.sent(content.length);
          meter.took('transfer', ms / 1000);
          log.info('tftp.sent', { client, file: request.file, bytes: content.length, ms: Math.round(ms) });
        } else log.info(`tftp.${outcome.kind}`, { client, file: request.file, reason: outcome.why });
        seen(records.ended(peer.address, request, content.length, outcome, ms));
      },
    };
    const conversation = deps.singlePort === true ? converseFromSharedPort(subject) : converse(subject, mover);
    place.hold(conversation);
    meter.packet('rrq', 'served');
    seen(records.begun(peer.address, request, conversation.terms));
  }

  function refuse(error: TftpError, request: TftpRequest, peer: Peer, at: Listener, result: string): void {
    meter.packet(kindOf(request), result);
    log.info('tftp.refused', { client: `${peer.address}:${peer.port}`, file: request.file, reason: error.message });
    at.socket.send(encode(error), peer.port, peer.address, () => undefined);
    seen(records.refused(peer.address, request, error));
  }

  function failed(error: unknown, peer: Peer, kind: string): void {
    complain(error instanceof Error ? error.message : String(error), peer, kind, error instanceof MalformedPacket ? 'malformed' : 'failed');
  }

  function complain(reason: string, peer: Peer, kind: string, result: string): void {
    meter.packet(kind, result);
    if (mayComplain(peer.address)) log.warn('tftp.dropped', { client: `${peer.address}:${peer.port}`, reason });
  }

  const listeners = await openListeners({
    service: 'tftp',
    log,
    wanted: () => deps.interfaces().map(({ name, address }) => ({ device: name, address, port: deps.port ?? 69 })),
    received(data, peer, at) {
      try {
        received(data, peer, at);
      } catch (error) {
        failed(error, peer, 'packet');
      }
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
      mover.stop();
    },
  };
}

const notFound: TftpError = { type: 'error', code: errorCode.notFound, message: 'no such file' };

function refusalOf(request: TftpRequest<'read'>, content: Uint8Array | null): TftpError | null {
  if (content === null) return notFound;
  if (request.mode === 'octet' || request.mode === 'netascii') return null;
  return { type: 'error', code: errorCode.illegalOperation, message: `mode ${request.mode} is not served, ask for octet (binary)` };
}

function kindOf(request: TftpRequest): string {
  return request.type === 'read' ? 'rrq' : 'wrq';
}

/** RRQ and WRQ by their opcode: at a port shared by all they begin something, whatever is under way. */
function isRequest(data: Uint8Array): boolean {
  return data[0] === 0 && (data[1] === 1 || data[1] === 2);
}
