import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const filterProgram = koffi.struct({ length: 'uint16_t', filter: 'const void *' });
const call = {
  attachFilter: libc.func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(filterProgram), 'uint32_t']),
  socket: libc.func('int socket(int domain, int type, int protocol)'),
  setsockopt: libc.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)'),
  bind: libc.func('int bind(int fd, const void *address, uint32_t length)'),
  close: libc.func('int close(int fd)'),
  getsockname: libc.func('int getsockname(int fd, void *address, void *length)'),
  ifNameToIndex: libc.func('uint32_t if_nametoindex(const char *name)'),
  recvfrom: libc.func(
    'int64_t recvfrom(int fd, _Out_ uint8_t *buffer, size_t size, int flags, _Out_ uint8_t *from, _Inout_ uint32_t *fromSize)',
  ),
  sendto: libc.func('int64_t sendto(int fd, const void *buffer, size_t size, int flags, const void *to, uint32_t toSize)'),
};

/** Linux's numbers on x86-64 and arm64 (asm-generic/socket.h, netinet/in.h) for the few calls below. */
export const linux = {
  AF_INET: 2,
  AF_INET6: 10,
  AF_PACKET: 17,
  SOCK_DGRAM: 2,
  SOCK_RAW: 3,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_BROADCAST: 6,
  SO_BINDTODEVICE: 25,
  SO_ATTACH_FILTER: 26,
  SO_RCVBUFFORCE: 33,
  IPPROTO_ICMPV6: 58,
  IPPROTO_IPV6: 41,
  IPV6_MULTICAST_HOPS: 18,
  IPV6_UNICAST_HOPS: 16,
  IPV6_MULTICAST_IF: 17,
  IPV6_MULTICAST_LOOP: 19,
  IPV6_JOIN_GROUP: 20,
  IPV6_V6ONLY: 26,
  IPV6_FREEBIND: 78,
  SOL_ICMPV6: 58,
  ICMPV6_FILTER: 1,
} as const;

/** A system call that failed; `code` is the name of errno, such as EADDRINUSE. */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly code: string;

  constructor(what: string) {
    const code = getSystemErrorName(-koffi.errno());
    super(`${what}: ${code}`);
    this.code = code;
  }
}

/** socket(2), non-blocking and closed on exec. Returns the descriptor; throws SystemCallError. */
export function openSocket(domain: number, type: number, protocol: number): number {
  const fd: unknown = call.socket(domain, type | linux.SOCK_NONBLOCK | linux.SOCK_CLOEXEC, protocol);
  return checked(fd, 'socket');
}

/** setsockopt(2) with a 32-bit number or raw bytes. Throws SystemCallError named by `what`. */
export function setOption(fd: number, level: number, name: number, value: number | Uint8Array, what: string): void {
  const bytes = typeof value === 'number' ? Buffer.from(Int32Array.of(value).buffer) : value;
  checked(call.setsockopt(fd, level, name, bytes, bytes.length), what);
}

/** Lets a socket have only the packets that a classic BPF program takes: struct sock_filter, eight bytes per step. Throws SystemCallError. */
export function attachFilter(fd: number, program: Uint8Array, what: string): void {
  checked(call.attachFilter(fd, linux.SOL_SOCKET, linux.SO_ATTACH_FILTER, { length: program.length / 8, filter: program }, koffi.sizeof(filterProgram)), what);
}

/** bind(2) with a ready-made socket address. Throws SystemCallError named by `what`. */
export function bindSocket(fd: number, address: Uint8Array, what: string): void {
  checked(call.bind(fd, address, address.length), what);
}

/** The port of a socket that is bound. Throws SystemCallError. */
export function localPort(fd: number): number {
  const [address, length] = [Buffer.alloc(28), Buffer.from(Uint32Array.of(28).buffer)];
  checked(call.getsockname(fd, address, length), 'getsockname');
  return address.readUInt16BE(2);
}

/** close(2); a failure is of no interest to anyone. */
export function closeSocket(fd: number): void {
  call.close(fd);
}

/** The number of a network device, which changes when it is made anew under its name; 0 = there is none. */
export function deviceIndex(device: string): number {
  return Number(call.ifNameToIndex(device));
}

/** One datagram and the socket address of its sender, or null when none waits. Throws SystemCallError. */
export function receiveFrom(fd: number): { data: Uint8Array; from: Uint8Array } | null {
  const buffer = new Uint8Array(2048);
  const from = new Uint8Array(28);
  const fromLength = [from.length];
  const size: unknown = call.recvfrom(fd, buffer, buffer.length, 0, from, fromLength);
  if (Number(size) < 0 && [constants.errno.EAGAIN, constants.errno.EINTR].includes(koffi.errno())) return null;
  return { data: buffer.subarray(0, checked(size, 'recvfrom')), from: from.subarray(0, fromLength[0]) };
}

/** sendto(2). Throws SystemCallError named by `what`. */
export function sendTo(fd: number, data: Uint8Array, address: Uint8Array, what: string): void {
  checked(call.sendto(fd, data, data.length, 0, address, address.length), what);
}

function checked(result: unknown, what: string): number {
  const value = Number(result);
  if (value < 0) throw new SystemCallError(what);
  return value;
}
