import koffi from 'koffi';
import { createInbox, createOutbox, most, type Received } from './datagram-batch.ts';
import { closeSocket, localPort, SystemCallError } from './libc.ts';
import { openUdpDescriptor, type UdpBinding } from './udp.ts';

/** A socket that hears and says many datagrams of IPv4 with one system call. */
export interface Datagrams {
  readonly port: number;
  /** Sends before the event loop turns; several of one turn leave together. */
  send(data: Uint8Array, address: number, port: number): void;
  close(): void;
}

/** What a socket's owner is told. Must not throw. */
export interface DatagramEvents {
  /** A datagram; its bytes hold only as long as the call. */
  readonly received: Received;
  /** One could not be sent. */
  unsent(reason: string, address: number): void;
  /** The socket can't be read any more, as when its device went away. */
  lost(reason: string): void;
}

/** Datagrams handled before others have their turn. */
const mostInTurn = 4 * most;
/** When a kernel's queue is full: a frame or two later. */
const againMs = 1;

const inbox = createInbox();

/**
 * Opens a socket beside dgram, whose request object and crossings into JavaScript for each datagram cost more than a whole
 * answer of DHCP (docs/decisions/0026). Throws SystemCallError.
 */
export function openDatagrams(binding: UdpBinding, events: DatagramEvents): Datagrams {
  const fd = openUdpDescriptor(binding);
  const outbox = createOutbox();
  let [flushing, closed] = [false, false];
  let again: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(again);
    flushing = false;
    if (closed || outbox.send(fd, (error, address) => { events.unsent(error.message, address); })) return;
    flushing = true;
    again = setTimeout(flush, againMs);
  }

  function take(): void {
    try {
      for (let left = mostInTurn; left > 0 && !closed; left -= most) if (inbox.take(fd, events.received) < most) return;
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      close();
      events.lost(error.message);
    }
  }

  function close(): void {
    if (closed) return;
    flush();
    closed = true;
    poll.close();
    closeSocket(fd);
  }

  const poll = koffi.node.poll(fd, { readable: true }, take);
  return {
    port: localPort(fd),
    send(data, address, port) {
      if (closed) return;
      if (outbox.isFull()) {
        flush();
        if (outbox.isFull()) return events.unsent('the device’s queue is full', address);
      }
      outbox.put(data, address, port);
      if (flushing) return;
      flushing = true;
      queueMicrotask(flush);
    },
    close,
  };
}
