import type { SwarmEvent, SwarmLink, SwarmRecord } from '../../../domain/swarm.ts';
import type { SwarmOf } from './swarm-book.ts';

interface Came { arrived: number; resumed: boolean; done: number | null; gone: { why: string; percent: number } | null }

/** Machines that load an image at about the same time, and what will be recorded of them. Times are milliseconds, rates bytes per second. */
export type Wave = ReturnType<typeof createWave>;

/** A wave begins with its first machine. */
export function createWave(of: SwarmOf, began: number, date: Date) {
  const machines = new Map<string, Came>();
  const events: SwarmEvent[] = [];
  const sums = { received: 0, sent: 0 };
  let fastest = 0;
  const startedAt = date.toISOString();
  /** What machines received and no machine sent came from the server: its seeder, or its web seed. */
  const copies = (): number => Math.max(0, (sums.received - sums.sent) / of.size);

  return {
    began, startedAt, sums,
    get copies() { return copies(); },
    /** The fastest that a machine took or gave. */
    get fastest() { return fastest; },
    /** A machine came, or came back; `resumed`: it has a part already that no wave of this tracker gave it. */
    arrived(ip: string, at: number, resumed: boolean): void {
      const known = machines.get(ip);
      machines.set(ip, known === undefined ? { arrived: at, resumed, done: null, gone: null } : { ...known, done: null, gone: null });
    },
    counted(more: { received: number; sent: number }, { rateIn, rateOut }: { rateIn: number; rateOut: number }): void {
      sums.received += more.received;
      sums.sent += more.sent;
      fastest = Math.max(fastest, rateIn, rateOut);
    },
    done(ip: string, at: number): void {
      const one = machines.get(ip);
      if (one !== undefined) Object.assign(one, { done: at, gone: null });
    },
    gone(ip: string, how: { why: string; percent: number }): void {
      const one = machines.get(ip);
      if (one !== undefined) one.gone = how;
    },
    noted(event: SwarmEvent): void { events.push(event); },
    /** The record; of a wave that goes on when `ended` is null. */
    record(link: SwarmLink | null, nameOf: (ip: string) => string, ended: Date | null): SwarmRecord {
      const all = [...machines.values()];
      const done = [...machines].flatMap(([ip, { arrived, done: at }]) => (at === null ? [] : [{ ip, arrived, at }]));
      const [last] = done.toSorted((a, b) => b.at - a.at);
      const times = done.map(({ arrived, at }) => (at - arrived) / 1000).sort((a, b) => a - b);
      const tLast = last === undefined ? null : (last.at - Math.max(...done.map(({ arrived }) => arrived))) / 1000;
      const resumed = all.filter((one) => one.resumed).length;
      const bound = link === null ? null : (of.size * 8) / (link.mbit * 1e6);
      // Of machines that brought a part along nobody can say how long the whole would have taken them.
      const shareOf = (seconds: number | null | undefined): number | null => (bound === null || resumed > 0 || !seconds ? null : bound / seconds);
      return {
        _id: `${of.infoHash}/${startedAt}`, ...of, startedAt, endedAt: ended?.toISOString() ?? null, interrupted: false,
        machines: all.length, done: done.length, resumed,
        lost: [...machines].flatMap(([ip, { gone }]) => (gone === null ? [] : [{ node: nameOf(ip), ...gone }])),
        arrivals: (Math.max(...all.map(({ arrived }) => arrived)) - began) / 1000,
        seconds: last === undefined ? null : (last.at - began) / 1000, last: tLast, lastNode: last === undefined ? null : nameOf(last.ip),
        link, bound, share: shareOf(tLast), shareP50: shareOf(percentile(times, 0.5)), shareP99: shareOf(percentile(times, 0.99)),
        copies: copies(), events,
      };
    },
  };
}

/** The smallest that a share of all do not exceed; `sorted` rises. */
function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}
