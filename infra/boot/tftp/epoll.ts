import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const call = {
  eventfd: libc.func('int eventfd(uint32_t initial, int flags)'),
  read: libc.func('int64_t read(int fd, void *buffer, size_t size)'),
  write: libc.func('int64_t write(int fd, const void *data, size_t size)'),
  epollCreate: libc.func('int epoll_create1(int flags)'),
  epollControl: libc.func('int epoll_ctl(int epoll, int operation, int fd, const void *event)'),
  epollWait: libc.func('int epoll_wait(int epoll, void *events, int most, int timeoutMs)'),
  recvfrom: libc.func('int64_t recvfrom(int fd, void *buffer, size_t size, int flags, void *from, void *fromSize)'),
  sendto: libc.func('int64_t sendto(int fd, const void *data, size_t size, int flags, const void *to, uint32_t toSize)'),
};
const [EPOLLIN, EPOLL_CTL_ADD, CLOSED_ON_EXEC, NONBLOCK, DONTWAIT] = [1, 1, 0o2000000, 0o4000, 0x40];
/** struct epoll_event is packed on x86-64 only. */
const [eventSize, dataAt] = process.arch === 'x64' ? [12, 4] : [16, 8];
const mostEvents = 256;
const largestDatagram = 2048;

/** A bell that another thread of the process rings: a descriptor. */
export function makeBell(): number {
  const fd = Number(call.eventfd(0, CLOSED_ON_EXEC | NONBLOCK));
  if (fd < 0) throw new Error(`no eventfd: errno ${koffi.errno()}`);
  return fd;
}

/** Wakes whoever waits for the bell. */
export function ringBell(bell: number): void {
  call.write(bell, Buffer.from(BigUint64Array.of(1n).buffer), 8);
}

/** Makes the bell silent again. */
export function silenceBell(bell: number): void {
  call.read(bell, Buffer.alloc(8), 8);
}

/** Descriptors that are waited for together. A closed one leaves by itself. */
export interface Poll {
  add(fd: number): void;
  /** Blocks this thread until something can be read or the time is over, and calls back with each descriptor. */
  wait(timeoutMs: number, ready: (fd: number) => void): void;
}

/** epoll(7). Throws Error when the process has no descriptor left. */
export function createPoll(): Poll {
  const epoll = Number(call.epollCreate(CLOSED_ON_EXEC));
  if (epoll < 0) throw new Error(`no epoll: errno ${koffi.errno()}`);
  const events = Buffer.alloc(eventSize * mostEvents);
  return {
    add(fd) {
      const event = Buffer.alloc(eventSize);
      event.writeUInt32LE(EPOLLIN, 0);
      event.writeInt32LE(fd, dataAt);
      call.epollControl(epoll, EPOLL_CTL_ADD, fd, event);
    },
    wait(timeoutMs, ready) {
      const count = Number(call.epollWait(epoll, events, mostEvents, timeoutMs));
      for (let at = 0; at < count; at += 1) ready(events.readInt32LE(at * eventSize + dataAt));
    },
  };
}

const datagram = Buffer.alloc(largestDatagram);
const sender = Buffer.alloc(28);
const senderSize = Buffer.alloc(4);

/** One datagram and the socket address it came from, both only until the next call; null when none waits. */
export function receive(fd: number): { data: Uint8Array; from: Uint8Array } | null {
  senderSize.writeUInt32LE(sender.length, 0);
  const size = Number(call.recvfrom(fd, datagram, largestDatagram, DONTWAIT, sender, senderSize));
  return size < 0 ? null : { data: datagram.subarray(0, size), from: sender.subarray(0, senderSize.readUInt32LE(0)) };
}

/** Sends a datagram; one that the kernel doesn't take is lost as on a wire. */
export function send(fd: number, data: Uint8Array, to: Uint8Array): void {
  call.sendto(fd, data, data.length, DONTWAIT, to, to.length);
}
