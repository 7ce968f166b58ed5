import type { Log } from '../../log.ts';
import type { DhcpDeps, Lookup } from './deps.ts';

/** Asks who an unknown machine is. Null = a later DISCOVER of the same machine waits for the answer instead. */
export type AskWho = (mac: string, networkId: string) => Promise<Lookup | null>;

/** ROMs repeat a DISCOVER after 4 s; an answer after that would meet the next one. */
const deadlineMs = 4_000;
/** Machines asked about at once; beyond it a flood of made-up MACs would keep the switches busy. */
const atOnce = 4096;

/** Asks once per machine however often it repeats itself, never longer than four seconds, and takes a failure for `unknown`. */
export function createAskWho(resolve: DhcpDeps['resolveUnknown'], log: Log): AskWho {
  const asking = new Map<string, { answer: Promise<Lookup>; latest: symbol }>();

  function ask(mac: string, networkId: string): Promise<Lookup> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Lookup>((done) => {
      timer = setTimeout(done, deadlineMs, { kind: 'unknown' });
    });
    const found = Promise.resolve()
      .then(() => resolve(mac, networkId, deadlineMs))
      .catch((error: unknown): Lookup => {
        log.warn('dhcp.resolve-failed', { mac, networkId, reason: error instanceof Error ? error.message : String(error) });
        return { kind: 'unknown' };
      });
    return Promise.race([found, late]).finally(() => clearTimeout(timer));
  }

  return async (mac, networkId) => {
    const key = `${networkId} ${mac}`;
    const latest = Symbol();
    let entry = asking.get(key);
    if (entry === undefined) {
      if (asking.size >= atOnce) return { kind: 'unknown' };
      entry = { answer: ask(mac, networkId).finally(() => asking.delete(key)), latest };
      asking.set(key, entry);
    }
    entry.latest = latest;
    const answer = await entry.answer;
    return entry.latest === latest ? answer : null;
  };
}
