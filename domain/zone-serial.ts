const SPACE = 2 ** 32;

/**
 * The serial of a zone whose content has changed: the time of the change in seconds since 1970, or one more than before
 * where that would not be later in serial arithmetic (RFC 1982): two changes in one second, a clock set back, a serial of
 * another scheme. `previous`: null when there was none. Never 0, which some secondaries take for "none".
 */
export function risingSerial(changedAt: Date, previous: number | null): number {
  const wanted = Math.floor(changedAt.getTime() / 1000) % SPACE;
  if (previous === null || isLater(wanted, previous)) return wanted || 1;
  return (previous + 1) % SPACE || 1;
}

/** Whether serial `a` comes after `b` (RFC 1982 §3.2). */
function isLater(a: number, b: number): boolean {
  const ahead = (a - b + SPACE) % SPACE;
  return ahead > 0 && ahead < SPACE / 2;
}
