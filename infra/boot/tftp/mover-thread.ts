import { setPriority } from 'node:os';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { closeSocket } from '../libc.ts';
import { MalformedPacket } from '../malformed-packet.ts';
import { createPoll, receive, send, silenceBell } from './epoll.ts';
import type { FromThread, Job, ThreadData, ToThread } from './mover.ts';
import { decode, encode, errorCode } from './packet.ts';
import { createTransfer, type Transfer } from './transfer.ts';

// The thread that carries the blocks of all transfers. It sleeps in epoll and speaks with its sockets through libc, which
// takes a third of the time that dgram needs for a block (docs/decisions/0016).

interface Running { readonly job: Job; readonly transfer: Transfer; timer: { readonly due: number; readonly callback: () => void } | null }

/** The longest sleep when nothing is to be done: as long as the end of the process may have to wait. */
const longestSleepMs = 1000;
const { port, bell } = workerData as ThreadData;
const poll = createPoll();
/** Contents of files by number, the newest last. Copying out of shared memory takes V8 a microsecond for each block, so it is done once. */
const contents = new Map<number, Uint8Array>();
const contentsKept = 16;
const bySocket = new Map<number, Running>();
const byId = new Map<number, Running>();
const now = (): number => performance.now();
const stranger = encode({ type: 'error', code: errorCode.unknownTransfer, message: 'unknown transfer' });
let stopped = false;
/** No timer is due before; one that was cancelled may still be counted. */
let nextDue = Infinity;

hurry();
poll.add(bell);
while (!stopped) {
  poll.wait(Math.min(longestSleepMs, Math.max(0, Math.ceil(nextDue - now()))), (fd) => {
    if (fd === bell) obey();
    else hear(fd);
  });
  if (now() >= nextDue) ring();
}

/** Machines wait for each block: before whatever else the controller does, such as packing an image. Of this thread alone; only root may. */
function hurry(): void {
  try {
    setPriority(-10);
  } catch {
    // It works without.
  }
}

function tell(message: FromThread): void {
  port.postMessage(message);
}

function obey(): void {
  silenceBell(bell);
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
    const message = next.message as ToThread;
    if (message.kind === 'begin') begin(message.job);
    else if (message.kind === 'abort') byId.get(message.id)?.transfer.abort(message.why);
    else stopped = true;
  }
}

function begin(job: Job): void {
  const { id, fd, peer } = job;
  const began = now();
  const transfer = createTransfer(contentOf(job), job.terms, {
    now,
    send: (packet) => send(fd, packet, peer),
    after(ms, callback) {
      const timer = { due: now() + ms, callback };
      running.timer = timer;
      nextDue = Math.min(nextDue, timer.due);
      return () => {
        if (running.timer === timer) running.timer = null;
      };
    },
    ended(outcome) {
      bySocket.delete(fd);
      byId.delete(id);
      closeSocket(fd);
      tell({ kind: 'ended', id, outcome, ms: now() - began });
    },
  });
  const running: Running = { job, transfer, timer: null };
  bySocket.set(fd, running);
  byId.set(id, running);
  poll.add(fd);
  transfer.start();
}

function contentOf({ contentId, content }: Job): Uint8Array {
  const own = contents.get(contentId) ?? Uint8Array.from(content);
  contents.delete(contentId);
  contents.set(contentId, own);
  for (const oldest of contents.keys()) if (contents.size > contentsKept) contents.delete(oldest);
  return own;
}

function hear(fd: number): void {
  const running = bySocket.get(fd);
  const heard = running === undefined ? null : receive(fd);
  if (running === undefined || heard === null) return;
  // RFC 1350 §4: a stranger's packet gets an error and disturbs nobody.
  if (!isFrom(heard.from, running.job.peer)) return send(fd, stranger, heard.from);
  try {
    running.transfer.received(decode(heard.data));
  } catch (error) {
    if (!(error instanceof MalformedPacket)) throw error;
    tell({ kind: 'malformed', id: running.job.id, reason: error.message });
  }
}

/** Family, port and address: for IPv4 the first 8 bytes, for IPv6 the first 24, flow label aside. */
function isFrom(from: Uint8Array, peer: Uint8Array): boolean {
  if (from.length !== peer.length) return false;
  const until = peer.length > 16 ? 24 : 8;
  for (let at = 0; at < until; at += 1) if (from[at] !== peer[at] && !(until === 24 && at >= 4 && at < 8)) return false;
  return true;
}

function ring(): void {
  const at = now();
  for (const running of byId.values()) {
    const { timer } = running;
    if (timer === null || timer.due > at) continue;
    running.timer = null;
    timer.callback();
  }
  nextDue = Infinity;
  for (const { timer } of byId.values()) if (timer !== null) nextDue = Math.min(nextDue, timer.due);
}
