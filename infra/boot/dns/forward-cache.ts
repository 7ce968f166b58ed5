import { forgetOldest } from '../forget-oldest.ts';
import { RCODE, TYPE } from './numbers.ts';
import type { Response } from './response.ts';
import type { Rrset } from './rrset.ts';

/** What is remembered of a response. */
export type Remembered = Pick<Response, 'rcode' | 'authentic' | 'answer' | 'authority' | 'additional'>;

/** Responses of other servers, for as long as they say. */
export interface ForwardCache {
  /** With the seconds its records still have. `stale`: they have none left, and it was not long ago. */
  get(key: string, stale?: boolean): Remembered | null;
  put(key: string, response: Response): void;
  readonly size: number;
}

/** Bounds of the cache. */
const MOST = { responses: 20_000, seconds: 86_400, negativeSeconds: 3600 } as const;
/** What is not to be had any more is still told for so long when no server answers, with this TTL (RFC 8767 §4, §5). */
const STALE = { seconds: 86_400, ttl: 30 } as const;

interface Entry { response: Remembered; from: number; until: number }

/** An empty cache; `now` in milliseconds, never going back. */
export function createForwardCache(now: () => number): ForwardCache {
  const entries = new Map<string, Entry>();
  return {
    get(key, stale = false) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      const at = now();
      if (at < entry.until) return aged(entry.response, Math.floor((at - entry.from) / 1000), 0);
      return stale && at < entry.until + STALE.seconds * 1000 ? aged(entry.response, Infinity, STALE.ttl) : null;
    },
    put(key, response) {
      const seconds = lifeOf(response);
      if (seconds === 0) return;
      const { rcode, authentic, answer, authority, additional } = response;
      entries.delete(key);
      entries.set(key, { response: { rcode, authentic, answer, authority, additional }, from: now(), until: now() + seconds * 1000 });
      // Maps keep the order of insertion: the oldest goes.
      forgetOldest(entries, MOST.responses);
    },
    get size() { return entries.size; },
  };
}

/** Seconds a response may be told again: the least of its records'; of one that says there is nothing, its SOA's (RFC 2308 §5). */
function lifeOf({ rcode, answer, authority }: Response): number {
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) return 0;
  const ttls = [...answer, ...authority].map(({ ttl }) => ttl);
  if (answer.length > 0 && rcode === RCODE.NOERROR) return Math.min(MOST.seconds, ...ttls);
  const soa = authority.find(({ type }) => type === TYPE.SOA);
  if (soa === undefined) return 0;
  const data = soa.data[0];
  const minimum = data === undefined ? 0 : Buffer.from(data).readUInt32BE(data.length - 4);
  return Math.min(MOST.negativeSeconds, minimum, ...ttls);
}

function aged(response: Remembered, age: number, least: number): Remembered {
  const older = (sets: readonly Rrset[]): Rrset[] => sets.map((set) => ({ ...set, ttl: Math.max(least, set.ttl - age) }));
  return { ...response, answer: older(response.answer), authority: older(response.authority), additional: older(response.additional) };
}
