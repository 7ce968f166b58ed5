import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';
import { LunaError } from '../../domain/errors.ts';

/** One quick call to Temporal may take this long before it counts as away. */
const QUICK_MS = 10_000;

/**
 * Gives a call to Temporal a deadline (milliseconds), and what becomes of it a name. Throws LunaError: `not-found` when there
 * is no such run, `conflict` with the run's own words when it refuses an Update, `unavailable` when Temporal doesn't answer.
 */
export async function callTemporal<T>(client: Client, call: () => Promise<T>, deadlineMs = QUICK_MS): Promise<T> {
  try {
    return await client.withDeadline(Date.now() + deadlineMs, call);
  } catch (err) {
    if (err instanceof LunaError) throw err;
    if (err instanceof WorkflowNotFoundError) throw new LunaError('not-found', 'no run is going on', 'luna provision status');
    if (err instanceof WorkflowUpdateFailedError) throw new LunaError('conflict', err.cause?.message ?? err.message, 'luna provision status');
    const cause = err instanceof Error && err.cause instanceof Error ? err.cause : err;
    throw new LunaError('unavailable', `Temporal did not answer: ${cause instanceof Error ? cause.message : String(cause)}`, 'luna status');
  }
}

/** For `catch`: what Temporal doesn't know is null; everything else stays an error. */
export function ignoreNotFound(err: unknown): null {
  if (err instanceof WorkflowNotFoundError) return null;
  throw err;
}
