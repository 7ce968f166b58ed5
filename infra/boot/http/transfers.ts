/** What a transfer must keep up. */
export interface TransferSettings {
  /** Bytes that a client must confirm in each span, or it is cut off. */
  readonly leastBytes: number;
  readonly spanMs: number;
  /** Milliseconds, never going back. */
  now(): number;
}

/** One body on its way to a client. */
export interface Transfer {
  /** Bytes that were handed to the kernel so far. */
  handed: number;
  end(): void;
}

/** The bodies that are on their way; one timer watches over all of them. */
export interface Transfers {
  /** `unconfirmed` tells how many of the bytes handed over the client has not confirmed; `cut` ends a transfer that is too slow. */
  begin(cut: () => void, unconfirmed: () => number): Transfer;
  readonly count: number;
  stop(): void;
}

/** A client on a bad cable manages more; one that holds connections for holding's sake doesn't. */
export const USUAL_PACE: TransferSettings = { leastBytes: 64 * 1024, spanMs: 60_000, now: () => performance.now() };

/**
 * Watches the pace of transfers. What counts is what the client confirmed, not what the kernel took: that hides up to
 * megabytes of a client that reads nothing, and makes one that reads slowly seem to stand still.
 */
export function watchTransfers({ leastBytes, spanMs, now }: TransferSettings): Transfers {
  const running = new Map<Transfer, { cut(): void; confirmed(): number; before: number; since: number }>();
  const timer = setInterval(() => {
    const at = now();
    for (const watched of running.values()) {
      // One that began within this span is looked at when its own span has passed.
      if (at - watched.since < spanMs) continue;
      const confirmed = watched.confirmed();
      if (confirmed - watched.before < leastBytes) watched.cut();
      watched.before = confirmed;
      watched.since = at;
    }
  }, spanMs / 4);
  timer.unref();

  return {
    begin(cut, unconfirmed) {
      const transfer: Transfer = { handed: 0, end: () => { running.delete(transfer); } };
      running.set(transfer, { cut, confirmed: () => transfer.handed - unconfirmed(), before: 0, since: now() });
      return transfer;
    },
    get count() { return running.size; },
    stop() { clearInterval(timer); },
  };
}
