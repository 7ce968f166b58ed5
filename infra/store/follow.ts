import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeStream, ChangeStreamDocument, Collection, Document } from 'mongodb';

/** How a change stream is followed. `operations`: what counts; `pauseMs`: how late a document may come while others are written. */
export interface FollowOptions<T> {
  operations: readonly ('insert' | 'replace')[];
  pauseMs: number;
  each(document: T): void;
  /** The stream broke; it is opened again after a second. */
  broken(error: Error): void;
}

const REOPEN_MS = 1000;

/**
 * Calls back with each document that is written, until stopped. The embedded database answers every waiting stream at
 * every write of any collection, mostly with nothing: a stream that asked again at once would cost half a millisecond of
 * its CPU per write. So after an empty answer it pauses; a document that comes while the stream waits is told at once.
 */
export function followWrites<T extends Document>(collection: Collection<T>, { operations, pauseMs, each, broken }: FollowOptions<T>): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  let stream: ChangeStream<T> | undefined;

  async function drain(opened: ChangeStream<T>): Promise<void> {
    while (!signal.aborted) {
      const event: ChangeStreamDocument<T> | null = await opened.tryNext();
      if (event === null) await sleep(pauseMs, undefined, { signal });
      else if (event.operationType === 'invalidate') throw new Error('the collection was dropped');
      else if (event.operationType === 'insert' || event.operationType === 'replace') each(event.fullDocument);
    }
  }

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      stream = collection.watch<T>([{ $match: { operationType: { $in: [...operations, 'invalidate'] } } }]);
      try {
        await drain(stream);
      } catch (error) {
        if (!signal.aborted) broken(error instanceof Error ? error : new Error(String(error)));
      }
      await stream.close().catch(() => undefined);
      await sleep(REOPEN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  const following = follow();
  return {
    async stop() {
      stopping.abort();
      await stream?.close().catch(() => undefined);
      await following;
    },
  };
}
