import { createRecent } from './recent.ts';

/** How much one client may ask for, and how many clients are remembered. */
export interface LimiterSettings {
  /** Requests per second that a client may keep up. */
  readonly rate: number;
  /** Requests at once after a pause. */
  readonly burst: number;
  /** Clients remembered at least; up to twice as many are before those not heard for longest are forgotten. */
  readonly clients: number;
  /** Milliseconds. A clock that is set back takes nothing away. */
  now(): number;
}

/** Whether this client may be served now; each call that may counts. */
export type Limiter = (client: string) => boolean;

/**
 * A token bucket for each client. Its memory is bounded: whoever makes up a new address for every packet gains a burst for
 * each, which is why services bound their own work as well.
 */
export function createLimiter({ rate, burst, clients, now }: LimiterSettings): Limiter {
  const buckets = createRecent<string, { tokens: number; at: number }>(clients);

  return (client) => {
    const at = now();
    let bucket = buckets.get(client);
    if (bucket === undefined) {
      bucket = { tokens: burst, at };
      buckets.set(client, bucket);
    }
    bucket.tokens = Math.min(burst, bucket.tokens + (Math.max(0, at - bucket.at) * rate) / 1000);
    bucket.at = at;
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  };
}
