import { type ClientSession, WriteConcern } from 'mongodb';
import type { Store } from './connect.ts';
import { isDuplicateKey } from './duplicate-key.ts';

/** How often a transaction that lost a race for a claim looks again at who won. */
const RACES = 3;
/** A transaction that conflicts with others is tried again for at most this long: a MongoDB keeps what a killed client has touched for a minute. */
const DEADLINE_MS = 90_000;

/**
 * Runs `work` in one transaction on a snapshot: all of it happens or nothing. `work` may run several times (write
 * conflicts, a lost race for a claim), so it must not do anything outside the database.
 */
export async function inTransaction<T>(store: Store, work: (session: ClientSession) => Promise<T>): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (let race = 1; ; race += 1) {
    try {
      return await store.client.withSession((session) => session.withTransaction(
        async () => {
          if (Date.now() > deadline) throw new Error(`the transaction met conflicts for ${DEADLINE_MS / 1000} s`);
          return work(session);
        },
        { readConcern: { level: 'snapshot' }, writeConcern: new WriteConcern('majority', undefined, true) },
      ));
    } catch (error) {
      if (!isDuplicateKey(error) || race === RACES) throw error;
    }
  }
}
