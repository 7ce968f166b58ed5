import type { Terms } from './options.ts';
import { dataPacket, encode, type TftpPacket } from './packet.ts';
import { createRoundTrip } from './round-trip.ts';

/** How a transfer ended. `why` is for people: what the client said, or what it left out. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'gave-up' | 'refused'; readonly why: string };

/** The world of one transfer: a way to send, a clock, and someone to tell the end. */
export interface TransferDeps {
  send(packet: Uint8Array): void;
  /** Calls back after `ms` unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
  /** Milliseconds, never going back. */
  now(): number;
  ended(outcome: Outcome): void;
}

/** One file on its way to one client. */
export interface Transfer {
  /** Sends the first packet: OACK when options were granted (RFC 2347), else DATA 1. */
  start(): void;
  /** Takes a packet of the client's. */
  received(packet: TftpPacket): void;
  /** Whether the client has taken part of the file and now answers no more: its next request is a new beginning. */
  stalled(): boolean;
  /** Ends it without another packet. */
  abort(why: string): void;
}

/** A client that acknowledges nothing for so long, or for eight of the time-outs it asked for, is taken for gone. */
const patience = { ms: 10_000, timeouts: 8 };

/**
 * Sends `content` in windows of blocks, each after the ACK of the one before; without the option a window is one block.
 * An ACK within a window says that the block after it was lost: the next window begins there (RFC 7440 §4, go-back-N).
 * An ACK of what was acknowledged before is answered at most once, and in windows of one never, so duplicates don't breed
 * duplicates ("sorcerer's apprentice", RFC 1123 §4.2.3.1). Block numbers wrap from 65535 to 0, as every client of files
 * beyond 65535 blocks expects.
 */
export function createTransfer(content: Uint8Array, terms: Terms, deps: TransferDeps): Transfer {
  const { blockSize, windowSize, granted } = terms;
  const patienceMs = Math.max(patience.ms, patience.timeouts * terms.timeoutMs);
  const trip = createRoundTrip(terms.timeoutMs);
  // The last block is shorter than a full one, if need be empty (RFC 1350 §6).
  const last = Math.floor(content.length / blockSize) + 1;
  const before = granted.size > 0 ? -1 : 0;
  /** The newest block acknowledged and the newest one sent; the OACK counts as block 0. */
  let acked = before;
  let sent = before;
  let [sentAt, progressAt, repeats, wentBack, over] = [0, 0, 0, false, false];
  let timer: { readonly due: number; readonly cancel: () => void } | null = null;
  let deadline = 0;

  function end(outcome: Outcome): void {
    if (over) return;
    over = true;
    timer?.cancel();
    deps.ended(outcome);
  }

  function sendWindow(): void {
    const until = acked < 0 ? 0 : Math.min(acked + windowSize, last);
    for (let block = acked + 1; block <= until; block += 1) {
      deps.send(block === 0 ? encode({ type: 'oack', options: granted }) : dataPacket(block, content, (block - 1) * blockSize, block * blockSize));
    }
    sent = until;
    sentAt = deps.now();
    deadline = sentAt + trip.waitMs(repeats);
    wake();
  }

  /** A timer set for an earlier deadline is left alone and set anew when it rings: most never do anything. */
  function wake(): void {
    if (timer !== null && timer.due <= deadline) return;
    timer?.cancel();
    timer = { due: deadline, cancel: deps.after(Math.max(0, deadline - deps.now()), rang) };
  }

  function rang(): void {
    timer = null;
    if (over) return;
    const now = deps.now();
    if (now < deadline) return wake();
    if (now - progressAt >= patienceMs) return end({ kind: 'gave-up', why: `no ACK of block ${acked + 1} of ${last} for ${Math.round((now - progressAt) / 1000)} s` });
    repeats += 1;
    sendWindow();
  }

  function acknowledged(number: number): void {
    const ahead = (number - acked) & 0xffff;
    if (ahead > sent - acked) return;
    if (ahead === 0) {
      if (windowSize === 1 || wentBack || acked < 1) return;
      wentBack = true;
      return sendWindow();
    }
    acked += ahead;
    if (acked === last) return end({ kind: 'done' });
    progressAt = deps.now();
    // What was sent beyond a gap comes as a surprise to the client and makes it repeat its ACK: not another gap.
    wentBack = acked < sent;
    if (!wentBack && repeats === 0) trip.measured(progressAt - sentAt);
    repeats = 0;
    sendWindow();
  }

  return {
    start() {
      progressAt = deps.now();
      sendWindow();
    },
    received(packet) {
      if (over) return;
      switch (packet.type) {
        case 'ack':
          return acknowledged(packet.block);
        case 'error':
          // ROMs ask for the size, then break off with code 8 or 0 and ask again: no failure of anything.
          return end({ kind: 'refused', why: packet.message || `error ${packet.code}` });
        case 'read':
        case 'write':
        case 'data':
        case 'oack':
          // Nothing that a reader sends in mid-transfer; repeated, it is as harmless as a late duplicate.
          return;
      }
    },
    stalled: () => acked > before && repeats > 0,
    abort: (why) => end({ kind: 'gave-up', why }),
  };
}
