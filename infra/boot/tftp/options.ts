/** The options of RFC 2347 that are honoured, spelt as RFC 2348 (blksize) and RFC 2349 (tsize, timeout) spell them. */
export const option = {
  blksize: 'blksize',
  tsize: 'tsize',
  timeout: 'timeout',
} as const;

/** What a transfer runs by after negotiation. */
export interface Terms {
  /** Bytes of a full DATA block; 512 without the option (RFC 1350 §2). */
  readonly blockSize: number;
  /** Longest wait before a packet is sent again, in milliseconds. */
  readonly timeoutMs: number;
  /** The options granted, to be acknowledged by OACK; empty = begin with DATA 1. */
  readonly granted: ReadonlyMap<string, string>;
}

/** RFC 2348 allows 65464 bytes; beyond one Ethernet frame blocks would travel in fragments, which many ROMs can't put together. */
const largestBlock = 1468;
const usualTimeoutMs = 1000;

/** Grants what is asked as far as possible. An option that is unknown or out of bounds is left out, as RFC 2347 wants, never refused. */
export function negotiate(asked: ReadonlyMap<string, string>, size: number): Terms {
  const granted = new Map<string, string>();
  const blksize = bounded(asked.get(option.blksize), 8, 65464); // RFC 2348
  if (blksize !== null) granted.set(option.blksize, String(Math.min(blksize, largestBlock)));
  const timeout = bounded(asked.get(option.timeout), 1, 255); // RFC 2349
  if (timeout !== null) granted.set(option.timeout, String(timeout));
  if (asked.has(option.tsize)) granted.set(option.tsize, String(size)); // RFC 2349: the client sends 0, the server the size
  return {
    blockSize: blksize === null ? 512 : Math.min(blksize, largestBlock),
    timeoutMs: timeout === null ? usualTimeoutMs : timeout * 1000,
    granted,
  };
}

function bounded(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || !/^\d{1,9}$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}
