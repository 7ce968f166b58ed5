/** What a machine says of itself in an announce (BEP 3): payload bytes since its client began, and what it still misses. */
export interface Counted { uploaded: number; downloaded: number; left: number }

/** The rate is of at least so much time: complaints are announced at once, a tenth of a second after the announce before. */
const LEAST_MS = 700;

/**
 * Adds up what one machine took and gave, from numbers that begin anew when its client does. What it has got without
 * having downloaded it from peers came from the web seed.
 */
export function createCounts(size: number, first: Counted, isStart: boolean, at: number) {
  // What it brings along is not of now: it lay on its disk, or it was counted by a tracker that is gone.
  let base = isStart ? { uploaded: 0, downloaded: 0, had: had(size, first) } : { ...first, had: had(size, first) };
  let sums = { received: 0, sent: 0 };
  let before = { received: 0, sent: 0 };
  let now = first;
  let mark = { at, received: 0, sent: 0 };
  let rates = { rateIn: 0, rateOut: 0 };

  return {
    /** Takes an announce; returns how many bytes more were received and sent. */
    told(counted: Counted, when: number, restarted: boolean): { received: number; sent: number } {
      if (restarted || counted.downloaded < now.downloaded || counted.uploaded < now.uploaded) {
        before = { ...sums };
        base = { uploaded: 0, downloaded: 0, had: had(size, counted) };
      }
      now = counted;
      const received = before.received + Math.max(counted.downloaded - base.downloaded, had(size, counted) - base.had, 0);
      const sent = before.sent + counted.uploaded - base.uploaded;
      const more = { received: Math.max(0, received - sums.received), sent: Math.max(0, sent - sums.sent) };
      sums = { received: sums.received + more.received, sent: sums.sent + more.sent };
      const passed = when - mark.at;
      if (passed >= LEAST_MS) {
        rates = { rateIn: ((sums.received - mark.received) * 1000) / passed, rateOut: ((sums.sent - mark.sent) * 1000) / passed };
        mark = { at: when, ...sums };
      }
      return more;
    },
    /** Bytes it has of the image. */
    get had() { return had(size, now); },
    get rates() { return rates; },
    /** It is not heard any more. */
    still(): void { rates = { rateIn: 0, rateOut: 0 }; },
  };
}

/** A client may count the pieces it misses as whole ones, the last among them. */
function had(size: number, { left }: Counted): number {
  return Math.max(0, size - left);
}
