import { constants } from 'node:os';
import koffi from 'koffi';
import { SystemCallError } from './libc.ts';

const libc = koffi.load('libc.so.6');
const call = {
  recvmmsg: libc.func('int recvmmsg(int fd, void *messages, uint32_t count, int flags, void *timeout)'),
  sendmmsg: libc.func('int sendmmsg(int fd, void *messages, uint32_t count, int flags)'),
};
const DONTWAIT = 0x40;
/** struct mmsghdr, struct iovec and struct sockaddr_in as 64-bit Linux lays them out; the two architectures agree. */
const [headerSize, vectorSize, nameSize] = [64, 16, 16];
const at = { name: 0, nameLength: 8, vectors: 16, vectorCount: 24, length: 56 } as const;

/** Datagrams of one system call. */
export const most = 64;
/** A jumbo frame's; what is longer is cut there. */
const largest = 9216;

/** Room for as many datagrams with their addresses, where the kernel finds it by address: nothing in it moves. */
interface Slab {
  readonly bytes: Buffer;
  readonly contents: readonly Buffer[];
}

function slab(): Slab {
  const bytes = Buffer.alloc(most * (headerSize + vectorSize + nameSize + largest));
  const base = koffi.address(bytes);
  const [vectors, names, data] = [most * headerSize, most * (headerSize + vectorSize), most * (headerSize + vectorSize + nameSize)];
  for (let slot = 0; slot < most; slot += 1) {
    const header = slot * headerSize;
    bytes.writeBigUInt64LE(base + BigInt(names + slot * nameSize), header + at.name);
    bytes.writeBigUInt64LE(base + BigInt(vectors + slot * vectorSize), header + at.vectors);
    bytes.writeBigUInt64LE(1n, header + at.vectorCount);
    bytes.writeBigUInt64LE(base + BigInt(data + slot * largest), vectors + slot * vectorSize);
  }
  return { bytes, contents: Array.from({ length: most }, (_, slot) => bytes.subarray(data + slot * largest, data + (slot + 1) * largest)) };
}

const nameOf = (slot: number): number => most * (headerSize + vectorSize) + slot * nameSize;
const lengthOf = (slot: number): number => most * headerSize + slot * vectorSize + 8;

/** What was received: both texts of the address as numbers, and bytes that hold until the next call. */
export type Received = (data: Uint8Array, address: number, port: number) => void;

/** Takes datagrams of IPv4 from sockets, many by one recvmmsg(2). */
export interface Inbox {
  /** Hands over what waits; the number of datagrams. Throws SystemCallError. */
  take(fd: number, received: Received): number;
}

/** An inbox for one socket after the other. */
export function createInbox(): Inbox {
  const { bytes, contents } = slab();
  for (let slot = 0; slot < most; slot += 1) bytes.writeBigUInt64LE(BigInt(largest), lengthOf(slot));
  return {
    take(fd, received) {
      for (let slot = 0; slot < most; slot += 1) bytes.writeUInt32LE(nameSize, slot * headerSize + at.nameLength);
      const count = Number(call.recvmmsg(fd, bytes, most, DONTWAIT, null));
      if (count < 0) {
        if (isBusy()) return 0;
        throw new SystemCallError('recvmmsg');
      }
      for (let slot = 0; slot < count; slot += 1) {
        const data = contents[slot]?.subarray(0, bytes.readUInt32LE(slot * headerSize + at.length));
        if (data !== undefined) received(data, bytes.readUInt32BE(nameOf(slot) + 4), bytes.readUInt16BE(nameOf(slot) + 2));
      }
      return count;
    },
  };
}

/** Collects datagrams for one socket, and sends them by one sendmmsg(2). */
export interface Outbox {
  /** Whether there is no more room before the next `send`. */
  isFull(): boolean;
  /** Copies a datagram of at most 9216 bytes. */
  put(data: Uint8Array, address: number, port: number): void;
  /** Sends what was put; what the kernel has no room for now stays. False when something stayed. `failed` is told of what can't be sent. */
  send(fd: number, failed: (error: SystemCallError, address: number) => void): boolean;
}

/** An empty outbox. */
export function createOutbox(): Outbox {
  const { bytes, contents } = slab();
  let [first, count] = [0, 0];
  for (let slot = 0; slot < most; slot += 1) {
    bytes.writeUInt32LE(nameSize, slot * headerSize + at.nameLength);
    bytes.writeUInt16LE(2, nameOf(slot));
  }
  return {
    isFull: () => count === most,
    put(data, address, port) {
      bytes.writeUInt16BE(port, nameOf(count) + 2);
      bytes.writeUInt32BE(address, nameOf(count) + 4);
      bytes.writeUInt32LE(data.length, lengthOf(count));
      contents[count]?.set(data);
      count += 1;
    },
    send(fd, failed) {
      while (first < count) {
        const sent = Number(call.sendmmsg(fd, first === 0 ? bytes : bytes.subarray(first * headerSize), count - first, DONTWAIT));
        if (sent < 0 && isBusy()) return false;
        // It says of the first one only why it can't be sent.
        if (sent < 0) failed(new SystemCallError('sendmmsg'), bytes.readUInt32BE(nameOf(first) + 4));
        first += Math.max(sent, 1);
      }
      [first, count] = [0, 0];
      return true;
    },
  };
}

function isBusy(): boolean {
  return [constants.errno.EAGAIN, constants.errno.EINTR, constants.errno.ENOBUFS].includes(koffi.errno());
}
