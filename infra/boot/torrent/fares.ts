/** What machines tell of how they fare, and how each compares with the others. Rates are bytes per second. */
export interface Fares {
  /** Counts what a machine tells: the rate of its uplink, null when it doesn't know it, and the bytes that it still lacks. */
  told(id: string, uplink: number | null, left: number): void;
  /** Why a machine's uplink is found to be slow; null when it isn't, or when too little is known. */
  slow(id: string): string | null;
  /** Whether its uplink is seen to do about what others' do. */
  sendsWell(id: string): boolean;
  /** Whether it gets much less than others get. */
  isBehind(id: string): boolean;
  /** How much of the image it has, from 0 to 1. */
  progress(id: string): number;
  forget(id: string): void;
}

/** Who sends less than the first share of what the median machine sends is slow; with more than the second it is fine. */
const SLOW_SHARE = 0.4;
const FINE_SHARE = 0.7;

/** Who gets less than this share of what the median machine gets is behind. */
const BEHIND_SHARE = 0.5;

/** So many must have told before anybody is compared. */
const LEAST_TOLD = 4;

/** How long what a machine told counts, and how long it is watched for what it gets. */
const COUNTS_MS = 5000;
const WATCHED_MS = 1500;

const RECKONED_MS = 100;

interface Fare { uplink: { rate: number; at: number } | null; left: { bytes: number; at: number }[]; size: number }

/** Knows nothing yet. `now` is in milliseconds and never goes back. */
export function createFares(now: () => number): Fares {
  const fares = new Map<string, Fare>();

  /** What the median machine does, reckoned anew a few times a second. */
  function median(of: (fare: Fare) => number | null): () => { rate: number; from: number } {
    let last = { rate: 0, from: 0, at: -Infinity };
    return () => {
      if (now() - last.at < RECKONED_MS) return last;
      const rates = [...fares.values()].flatMap((fare) => of(fare) ?? []).sort((a, b) => a - b);
      last = { rate: rates[rates.length >> 1] ?? 0, from: rates.length, at: now() };
      return last;
    };
  }

  const uplinkOf = ({ uplink }: Fare): number | null => (uplink !== null && now() - uplink.at < COUNTS_MS ? uplink.rate : null);

  /** What came while it was watched; null for one that has everything or was not watched for long enough. */
  function gainOf({ left }: Fare): number | null {
    const [first, last] = [left[0], left.at(-1)];
    if (first === undefined || last === undefined || last.bytes === 0 || last.at - first.at < WATCHED_MS) return null;
    return ((first.bytes - last.bytes) * 1000) / (last.at - first.at);
  }

  const usualUplink = median(uplinkOf);
  const usualGain = median(gainOf);

  return {
    told(id, uplink, left) {
      const fare = fares.get(id) ?? { uplink: null, left: [], size: left };
      const at = now();
      if (uplink !== null) fare.uplink = { rate: uplink, at };
      fare.left.push({ bytes: left, at });
      // The first that is kept is the last that was long enough ago.
      while ((fare.left[1]?.at ?? Infinity) <= at - WATCHED_MS) fare.left.shift();
      fare.size = Math.max(fare.size, left);
      fares.set(id, fare);
    },
    slow(id) {
      const rate = uplinkOf(fares.get(id) ?? NOTHING);
      const { rate: usual, from } = usualUplink();
      if (rate === null || from < LEAST_TOLD || rate >= SLOW_SHARE * usual) return null;
      return `sends ${perSecond(rate)} where others send ${perSecond(usual)}`;
    },
    sendsWell(id) {
      const rate = uplinkOf(fares.get(id) ?? NOTHING);
      return rate !== null && rate >= FINE_SHARE * usualUplink().rate;
    },
    isBehind(id) {
      const gain = gainOf(fares.get(id) ?? NOTHING);
      const { rate: usual, from } = usualGain();
      return gain !== null && from >= LEAST_TOLD && gain < BEHIND_SHARE * usual;
    },
    progress(id) {
      const { left, size } = fares.get(id) ?? NOTHING;
      return size === 0 ? 0 : 1 - (left.at(-1)?.bytes ?? size) / size;
    },
    forget: (id) => { fares.delete(id); },
  };
}

const NOTHING: Fare = { uplink: null, left: [], size: 0 };

const perSecond = (bytes: number): string => `${(bytes / 1e6).toPrecision(2)} MB/s`;
