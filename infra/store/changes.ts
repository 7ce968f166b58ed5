import { randomBytes } from 'node:crypto';
import type { ClientSession } from 'mongodb';
import type { Change } from '../../domain/change.ts';
import type { Store } from './connect.ts';

const changes = (store: Store) => store.db.collection<Change>('changes');

/** Appends to the history, within the transaction that changes the things themselves. */
export async function recordChanges(store: Store, session: ClientSession, what: readonly Omit<Change, '_id' | 'at'>[]): Promise<void> {
  if (what.length === 0) return;
  const at = new Date().toISOString();
  await changes(store).insertMany(what.map((change) => ({ _id: `${at}/${randomBytes(8).toString('hex')}`, at, ...change })), { session });
}

/**
 * A word that differs whenever something was changed since it was last asked. The newest record alone would miss one
 * that another process wrote with an earlier time; the count does not.
 */
export async function changesVersion(store: Store): Promise<string> {
  const newest = await changes(store).find({}, { projection: { _id: 1 } }).sort({ _id: -1 }).limit(1).next();
  return `${newest?._id ?? 'none'} ${await changes(store).estimatedDocumentCount()}`;
}

/** Calls back whenever something changes, until stopped. A broken stream is reported and opened again after a second. */
export function watchChanges(store: Store, onChange: (change: Change) => void, onBroken: (error: Error) => void): { stop(): Promise<void> } {
  let stopped = false;
  let stream = open();

  function open() {
    const opened = changes(store).watch([{ $match: { operationType: 'insert' } }]);
    opened.on('change', (event) => {
      if (event.operationType === 'insert') onChange(event.fullDocument);
    });
    opened.on('error', (error: Error) => {
      void opened.close().catch(() => undefined);
      if (stopped) return;
      onBroken(error);
      setTimeout(() => {
        if (!stopped) stream = open();
      }, 1000).unref();
    });
    return opened;
  }

  return {
    async stop() {
      stopped = true;
      await stream.close().catch(() => undefined);
    },
  };
}
