import type { Mac } from '../../../domain/mac.ts';
import type { Dhcp6Deps } from './deps.ts';

/** Finds out who an unknown machine is; resolves when that is known, or is not going to be. */
export type Looker = (mac: Mac, networkId: string) => Promise<void>;

/** A client repeats its SOLICIT for minutes (RFC 8415 §15), so a late answer is of use to the next one. */
const deadlineMs = 4000;
/** Machines looked for at once; beyond it a flood of made-up MACs would keep the switches busy. */
const atOnce = 1024;

/** Looks for each machine once at a time, however often it repeats itself. */
export function createLooker({ resolveUnknown, log }: Dhcp6Deps): Looker {
  const looking = new Set<Mac>();
  return async (mac, networkId) => {
    if (looking.has(mac) || looking.size >= atOnce) return;
    looking.add(mac);
    try {
      await resolveUnknown(mac, networkId, deadlineMs);
    } catch (error) {
      log.warn('dhcp6.resolve-failed', { mac, networkId, reason: error instanceof Error ? error.message : String(error) });
    } finally {
      looking.delete(mac);
    }
  };
}
