import { extname } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { closeSocket } from '../libc.ts';
import { makeBell, ringBell } from './epoll.ts';
import type { Terms } from './options.ts';
import type { Outcome } from './transfer.ts';

/** A transfer to be carried out. */
export interface Job {
  readonly id: number;
  /** A socket with a port of its own, bound to the device; the thread closes it. */
  readonly fd: number;
  /** The client's socket address. */
  readonly peer: Uint8Array;
  /** Best in shared memory: the thread copies it once and knows it again by its number. */
  readonly content: Uint8Array;
  readonly contentId: number;
  readonly terms: Terms;
}

/** What the thread is told. */
export type ToThread = { readonly kind: 'begin'; readonly job: Job } | { readonly kind: 'abort'; readonly id: number; readonly why: string } | { readonly kind: 'stop' };
/** What it tells. */
export type FromThread =
  | { readonly kind: 'ended'; readonly id: number; readonly outcome: Outcome; readonly ms: number }
  | { readonly kind: 'malformed'; readonly id: number; readonly reason: string };
/** What it is made with. */
export interface ThreadData { readonly port: MessagePort; readonly bell: number }

/** Who waits for the end of a transfer. */
export interface Waiting {
  ended(outcome: Outcome, ms: number): void;
  malformed(reason: string): void;
}

/** The thread that carries the blocks of all transfers. */
export interface Mover {
  /** Takes the socket and begins. */
  begin(job: Omit<Job, 'id' | 'contentId'>, waiting: Waiting): { abort(why: string): void };
  stop(): void;
}

/** Starts no thread yet: the first transfer does, and the first after it died. `failed` is told why it did. */
export function createMover(failed: (reason: string) => void): Mover {
  const waiting = new Map<number, Waiting>();
  let thread: { tell(message: ToThread): void } | null = null;
  const known = new WeakMap<Uint8Array, number>();
  let last = 0;

  function numberOf(content: Uint8Array): number {
    const found = known.get(content) ?? (last += 1);
    known.set(content, found);
    return found;
  }

  function start(): { tell(message: ToThread): void } {
    const { port1, port2 } = new MessageChannel();
    const bell = makeBell();
    const data: ThreadData = { port: port2, bell };
    const worker = new Worker(new URL(`./mover-thread${extname(import.meta.filename)}`, import.meta.url), { workerData: data, transferList: [port2] });
    worker.unref();
    port1.on('message', heard);
    port1.unref();
    worker.on('error', (error) => failed(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      if (thread === started) thread = null;
      port1.close();
      closeSocket(bell);
      for (const [id, one] of [...waiting]) {
        waiting.delete(id);
        one.ended({ kind: 'gave-up', why: 'the thread that carries transfers ended' }, 0);
      }
    });
    const started = {
      tell(message: ToThread) {
        port1.postMessage(message);
        ringBell(bell);
      },
    };
    return started;
  }

  function heard(message: FromThread): void {
    const one = waiting.get(message.id);
    if (message.kind === 'malformed') return one?.malformed(message.reason);
    waiting.delete(message.id);
    one?.ended(message.outcome, message.ms);
  }

  return {
    begin(job, told) {
      thread ??= start();
      const id = (last += 1);
      waiting.set(id, told);
      thread.tell({ kind: 'begin', job: { id, contentId: numberOf(job.content), ...job } });
      return { abort: (why) => thread?.tell({ kind: 'abort', id, why }) };
    },
    stop() {
      thread?.tell({ kind: 'stop' });
      thread = null;
    },
  };
}
