import type { Terms } from './options.ts';
import { encode, type TftpPacket } from './packet.ts';

/** How a transfer ended. `why` is for the log. */
export type Outcome = { readonly kind: 'done' } | { readonly kind: 'gave-up' | 'refused'; readonly why: string };

/** The world of one transfer: a way to send, a clock, and someone to tell the end. */
export interface TransferDeps {
  send(packet: Uint8Array): void;
  /** Calls back after `ms` unless the returned function is called first. */
  after(ms: number, callback: () => void): () => void;
  now(): number;
  ended(outcome: Outcome): void;
}

/** One file on its way to one client. */
export interface Transfer {
  /** Sends the first packet: OACK when options were granted (RFC 2347), else DATA 1. */
  start(): void;
  /** Takes a packet of the client's. */
  received(packet: TftpPacket): void;
  /** Ends it without another packet. */
  abort(why: string): void;
}

/** Sent again this often without an answer, the client is taken for gone. */
const tries = 8;
/** A retransmission never comes sooner than this: a ROM that polls its card can be slow to answer. */
const leastWaitMs = 100;

/**
 * Sends `content` block by block, each after the ACK of the one before. Only the first ACK of the current block moves
 * it on: a repeated ACK is ignored rather than answered, so duplicates never breed duplicates ("sorcerer's apprentice",
 * RFC 1123 §4.2.3.1). Block numbers wrap from 65535 to 0, as every client of files beyond 65535 blocks expects.
 * The wait before a repetition follows the measured round trip, so that a lossy wire costs milliseconds, not seconds.
 */
export function createTransfer(content: Uint8Array, terms: Terms, deps: TransferDeps): Transfer {
  const { blockSize, granted } = terms;
  // The last block is shorter than a full one, if need be empty (RFC 1350 §6).
  const last = Math.floor(content.length / blockSize) + 1;
  let block = granted.size > 0 ? 0 : 1;
  let attempt = 1;
  let sentAt = 0;
  let waitMs = Math.min(terms.timeoutMs, 1000);
  let cancel: () => void = () => undefined;
  let over = false;

  function end(outcome: Outcome): void {
    if (over) return;
    over = true;
    cancel();
    deps.ended(outcome);
  }

  function current(): Uint8Array {
    if (block === 0) return encode({ type: 'oack', options: granted });
    return encode({ type: 'data', block: block & 0xffff, data: content.subarray((block - 1) * blockSize, block * blockSize) });
  }

  function send(): void {
    sentAt = deps.now();
    deps.send(current());
    cancel = deps.after(Math.min(waitMs * 2 ** (attempt - 1), Math.max(terms.timeoutMs, leastWaitMs)), () => {
      if (attempt >= tries) return end({ kind: 'gave-up', why: `no ACK of block ${block} of ${last} after ${tries} tries` });
      attempt += 1;
      send();
    });
  }

  function acknowledged(number: number): void {
    if (number !== (block & 0xffff)) return;
    cancel();
    // Karn: the answer to something sent twice says nothing about the round trip.
    if (attempt === 1) waitMs = Math.max(leastWaitMs, Math.min(terms.timeoutMs, waitMs * 0.75 + (deps.now() - sentAt)));
    if (block === last) return end({ kind: 'done' });
    block += 1;
    attempt = 1;
    send();
  }

  return {
    start: send,
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
    abort: (why) => end({ kind: 'gave-up', why }),
  };
}
