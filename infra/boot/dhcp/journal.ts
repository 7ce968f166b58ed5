import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Lease } from './deps.ts';

/** Appends one lease; resolves when it is journalled, rejects when it could not be. */
export type Journal = (lease: Lease) => Promise<void>;

interface Group {
  readonly leases: Lease[];
  readonly written: Promise<void>;
  close(): void;
}

/** Leases of one write. More wait for the next one, so that no write takes long. */
const most = 1000;
/** Milliseconds between two writes of a storm: each costs as much as a dozen leases in it. */
const pauseMs = 4;

/**
 * Groups leases into one `append` at a time: those that come while one is written, and for a moment after it, share the
 * next, so that a boot storm's ACKs wait for two writes and a pause at most and a lone one for its own only.
 */
export function createJournal(append: (leases: readonly Lease[]) => Promise<void>): Journal {
  const groups: Group[] = [];
  let writing = false;

  async function write(): Promise<void> {
    writing = true;
    // What came in the same turn of the event loop is in the first one.
    await turn();
    for (let group = groups[0]; group !== undefined; group = groups[0]) {
      groups.shift();
      group.close();
      await group.written.catch(() => undefined);
      // A full group has nothing to wait for.
      if (groups.length === 1) await sleep(pauseMs);
    }
    writing = false;
  }

  return (lease) => {
    let group = groups.at(-1);
    if (group === undefined || group.leases.length >= most) {
      group = openGroup(append);
      groups.push(group);
    }
    group.leases.push(lease);
    if (!writing) void write();
    return group.written;
  };
}

function openGroup(append: (leases: readonly Lease[]) => Promise<void>): Group {
  const leases: Lease[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  return { leases, written: promise, close: () => { append(leases).then(() => { resolve(undefined); }, reject); } };
}
