/** The options of RFC 2347 that are honoured, spelt as RFC 2348 (blksize), RFC 2349 (tsize, timeout) and RFC 7440 (windowsize) spell them. */
export const option = {
  blksize: 'blksize',
  tsize: 'tsize',
  timeout: 'timeout',
  windowsize: 'windowsize',
} as const;

/** What a transfer runs by after negotiation. */
export interface Terms {
  /** Bytes of a full DATA block; 512 without the option (RFC 1350 §2). */
  readonly blockSize: number;
  /** Blocks on their way at once; 1 without the option (RFC 7440). */
  readonly windowSize: number;
  /** Longest wait before a packet is sent again, in milliseconds. */
  readonly timeoutMs: number;
  /** The options granted, to be acknowledged by OACK; empty = begin with DATA 1. */
  readonly granted: ReadonlyMap<string, string>;
}

/**
 * RFC 2348 allows 65464 bytes; beyond one Ethernet frame (1500 bytes less the headers of IP, UDP and TFTP) blocks would
 * travel in fragments, which many ROMs can't put together.
 */
export const largestBlock = { ipv4: 1468, ipv6: 1448 } as const;
/** Firmware asks for 4 to 64. More than fits into a card's receive ring is lost and sent again. */
const largestWindow = 64;
const usualTimeoutMs = 1000;

/**
 * Grants what is asked as far as possible, with blocks no larger than `most` bytes. An option that is unknown or out of
 * bounds is left out, as RFC 2347 wants, never refused.
 */
export function negotiate(asked: ReadonlyMap<string, string>, size: number, most: number = largestBlock.ipv4): Terms {
  const granted = new Map<string, string>();
  const grant = (name: string, value: number | null): number | null => {
    if (value !== null) granted.set(name, String(value));
    return value;
  };
  const blksize = grant(option.blksize, bounded(asked.get(option.blksize), 8, 65464, most)); // RFC 2348
  const timeout = grant(option.timeout, bounded(asked.get(option.timeout), 1, 255)); // RFC 2349
  const windowsize = grant(option.windowsize, bounded(asked.get(option.windowsize), 1, 65535, largestWindow)); // RFC 7440 §3
  if (asked.has(option.tsize)) grant(option.tsize, size); // RFC 2349: the client sends 0, the server the size
  return {
    blockSize: blksize ?? 512,
    windowSize: windowsize ?? 1,
    timeoutMs: timeout === null ? usualTimeoutMs : timeout * 1000,
    granted,
  };
}

/** The number within `least` and `most`, but no more than `granted`; null when it isn't one. */
function bounded(text: string | undefined, least: number, most: number, granted = most): number | null {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? Math.min(value, granted) : null;
}
