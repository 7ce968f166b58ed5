import type { BootRecord } from './boot-record.ts';

/** After such a silence whatever comes is another boot. */
const SILENCE_MS = 10 * 60_000;

/** How far a boot has come when this is seen: 1 a ROM asks for an address, 2 for its boot program, 3 iPXE for an address, 4 for a script; null says nothing. */
function progressOf({ service, saw, facts }: BootRecord): number | null {
  if (service === 'tftp') return 2;
  if (service === 'http' || service === 'agent') return saw.includes('/boot/ipxe/') ? 2 : 4;
  if (service === 'dns' || service === 'ra' || !/^(DISCOVER|SOLICIT|REQUEST)\b/.test(saw)) return null;
  switch (facts['clientClass']) {
    case 'pxe': case 'http': return 1;
    case 'ipxe': return 3;
    default: return null;
  }
}

/**
 * Parts the records of one machine into its boots, in their order: a ROM that asks anew after it had its boot program, or
 * iPXE after it had its script, was started again. A ROM that is iPXE itself begins with 3.
 */
export function bootAttempts<T extends BootRecord>(records: readonly T[]): T[][] {
  const attempts: T[][] = [];
  let [reached, last] = [0, 0];
  for (const record of records) {
    const at = Date.parse(record.at);
    const progress = progressOf(record);
    const anew = progress !== null && progress % 2 === 1 && reached > progress;
    const current = attempts.at(-1);
    if (current === undefined || anew || at - last > SILENCE_MS) {
      attempts.push([record]);
      reached = progress ?? 0;
    } else {
      current.push(record);
      reached = Math.max(reached, progress ?? 0);
    }
    last = at;
  }
  return attempts;
}
