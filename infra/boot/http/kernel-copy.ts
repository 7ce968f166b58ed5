import type { Socket } from 'node:net';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const call = {
  sendfile: libc.func('int64_t sendfile(int out, int in, _Inout_ int64_t *offset, size_t count)'),
  fcntl: libc.func('int fcntl(int fd, int command, ...)'),
  ioctl: libc.func('int ioctl(int fd, unsigned long request, ...)'),
  setsockopt: libc.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)'),
  close: libc.func('int close(int fd)'),
};
/** Numbers of Linux on x86-64 and arm64. */
const [F_DUPFD_CLOEXEC, SIOCOUTQ, SOL_SOCKET, SO_SNDBUFFORCE, IPPROTO_TCP, TCP_USER_TIMEOUT, TCP_NOTSENT_LOWAT] = [1030, 0x5411, 1, 32, 6, 18, 25] as const;

/** At most so many bytes at once, so that one fast client doesn't hold a thread that others wait for. */
const ONCE = 4 * 1024 * 1024;
/** So many copies at once; the rest of node's four threads stays free for whatever else reads a file. */
const AT_ONCE = 3;
let running = 0;
const waiting: (() => void)[] = [];

/** Resolves when it is this copy's turn, in the order of asking. */
function turn(): Promise<void> {
  if (running < AT_ONCE) {
    running += 1;
    return Promise.resolve();
  }
  return new Promise((resolve) => { waiting.push(resolve); });
}

/** Gives the turn on to whoever waits longest. */
function pass(): void {
  const next = waiting.shift();
  if (next === undefined) running -= 1;
  else next();
}

/** Lets the kernel copy from a file to a connection, so that the bytes never pass through this process. */
export interface KernelCopy {
  /** Copies from `start` until `end`, or until the connection takes no more; resolves with the number of bytes, 0 if none could be. */
  some(file: number, start: number, end: number): Promise<number>;
  /** Bytes that the other side has not confirmed yet. */
  unconfirmed(): number;
  /** Must be called once the last copy has ended. */
  close(): void;
}

/**
 * The kernel's way into a connection; null where there is none (encrypted, or already closed). It has a descriptor of its
 * own: while a copy runs in a thread, the connection's may be closed and its number given to another connection.
 */
export function kernelCopy(socket: Socket): KernelCopy | null {
  const fd = descriptorOf(socket);
  if (fd === null) return null;
  const own: unknown = call.fcntl(fd, F_DUPFD_CLOEXEC, 'int', 0);
  if (typeof own !== 'number' || own < 0) return null;

  async function once(file: number, start: number, count: number): Promise<number> {
    await turn();
    try {
      return await new Promise<number>((resolve, reject) => {
        call.sendfile.async(own, file, [start], count, (error: Error | null, sent: unknown) => {
          if (error) reject(error);
          else resolve(Math.max(0, Number(sent)));
        });
      });
    } finally {
      pass();
    }
  }

  return {
    async some(file, start, end) {
      let at = start;
      while (at < end) {
        const count = Math.min(ONCE, end - at);
        const sent = await once(file, at, count);
        at += sent;
        // Less than asked for: the connection is full. Whatever else it may be shows when the next bytes are written.
        if (sent < count) break;
      }
      return at - start;
    },
    unconfirmed() {
      const bytes = Int32Array.of(0);
      call.ioctl(own, SIOCOUTQ, 'int *', bytes);
      return bytes[0] ?? 0;
    },
    close() { call.close(own); },
  };
}

/**
 * Bounds what the kernel keeps for a connection. `unsent` bytes at most wait in it, so that clients that read slowly or not
 * at all don't fill the memory; one that confirms nothing for `ms` is gone (RFC 5482).
 */
export function boundConnection(socket: Socket, { unsent, ms }: { unsent: number; ms: number }): void {
  const fd = descriptorOf(socket);
  if (fd === null) return;
  // The kernel's own bound grows with the pace of the client: a slow one would be served in many small portions. Only root may.
  const options = [[SOL_SOCKET, SO_SNDBUFFORCE, 2 * unsent], [IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent], [IPPROTO_TCP, TCP_USER_TIMEOUT, ms]] as const;
  for (const [level, name, value] of options) call.setsockopt(fd, level, name, Buffer.from(Int32Array.of(value).buffer), 4);
}

/** Node keeps a socket's descriptor to itself; where a later version hides it better, files take the longer way. */
function descriptorOf(socket: Socket): number | null {
  if ('encrypted' in socket || socket.destroyed) return null;
  const { _handle: handle } = socket as { _handle?: { fd?: unknown } | null };
  return typeof handle?.fd === 'number' && handle.fd >= 0 ? handle.fd : null;
}
