import { isIPv6 } from 'node:net';
import type { Listener } from '../listeners.ts';
import { openUdpDescriptor, peerAddress } from '../udp.ts';
import type { Mover } from './mover.ts';
import { largestBlock, negotiate, type Terms } from './options.ts';
import { decode, type TftpRequest } from './packet.ts';
import type { Peer } from './sessions.ts';
import { createTransfer, type Outcome } from './transfer.ts';

/** A transfer together with the port it goes by. */
export interface Conversation {
  readonly terms: Terms;
  /** Takes a datagram of the client's that came to the shared port. Throws MalformedPacket. */
  received(data: Uint8Array): void;
  /** Whether the client seems to have given the transfer up: its next request is a new beginning. */
  stalled(): boolean;
  abort(why: string): void;
}

/** What a conversation is about and whom it tells. */
export interface Subject {
  readonly request: TftpRequest<'read'>;
  readonly content: Uint8Array;
  readonly peer: Peer;
  /** Where the request came in. */
  readonly at: Listener;
  /** Called once, `ms` after the beginning. */
  ended(outcome: Outcome, ms: number): void;
  /** A datagram of the client's made no sense. */
  malformed(reason: string): void;
}

/** A request repeated so long after the first one is not a duplicate of it. */
const anewAfterMs = 3000;

/** Begins a transfer from a port of its own (RFC 1350 §4), on the device and address that was asked. Throws SystemCallError. */
export function converse(subject: Subject, mover: Mover): Conversation {
  const { content, peer, at, ended } = subject;
  const terms = termsOf(subject);
  const began = performance.now();
  const fd = openUdpDescriptor({ ...at.binding, port: 0 });
  const { abort } = mover.begin({ fd, peer: peerAddress(at.binding, peer.address, peer.port), content, terms }, {
    ended,
    malformed: subject.malformed,
  });
  return { terms, received: () => undefined, stalled: () => performance.now() - began > anewAfterMs, abort };
}

/** Begins a transfer from the port that was asked, which all transfers share. */
export function converseFromSharedPort(subject: Subject): Conversation {
  const { content, peer, at } = subject;
  const terms = termsOf(subject);
  const now = (): number => performance.now();
  const began = now();
  const transfer = createTransfer(content, terms, {
    send: (packet) => sendFrom(at, packet, peer),
    now,
    after(ms, callback) {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    ended: (outcome) => subject.ended(outcome, now() - began),
  });
  transfer.start();
  return { terms, received: (data) => transfer.received(decode(data)), stalled: transfer.stalled, abort: transfer.abort };
}

/** Over IPv6 blocks are a little shorter. */
function termsOf({ request, content, peer }: Subject): Terms {
  return negotiate(request.options, content.length, isIPv6(peer.address) ? largestBlock.ipv6 : largestBlock.ipv4);
}

/** A listener may be closed in mid-transfer, when its network is no longer served; dgram throws then, and the transfer falls silent. */
function sendFrom({ socket }: Listener, packet: Uint8Array, peer: Peer): void {
  try {
    socket.send(packet, peer.port, peer.address, () => undefined);
  } catch {
    // The transfer ends by itself.
  }
}
