import type { Lease } from './deps.ts';

/** Appends one lease; resolves when it is journalled, rejects when it could not be. */
export type Journal = (lease: Lease) => Promise<void>;

/** How long a lease waits for others to share its write. */
const groupingMs = 5;

/**
 * Groups leases that come within five milliseconds of each other into one `append`: a boot storm's ACKs would otherwise
 * queue behind one journalled write each.
 */
export function createJournal(append: (leases: readonly Lease[]) => Promise<void>): Journal {
  let group: { leases: Lease[]; written: Promise<void> } | null = null;

  return (lease) => {
    if (group !== null) {
      group.leases.push(lease);
      return group.written;
    }
    const leases = [lease];
    const written = new Promise<void>((resolve, reject) => {
      setTimeout(() => {
        group = null;
        append(leases).then(resolve, reject);
      }, groupingMs);
    });
    group = { leases, written };
    return written;
  };
}
