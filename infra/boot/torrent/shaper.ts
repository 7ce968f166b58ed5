import { createFares } from './fares.ts';
import { demoted, emptyGraph, type Graph, refed, restored, withArrivals, without } from './graph.ts';
import { tellInterval } from './tell-interval.ts';

/** What a machine of the swarm tells in an announce. Addresses are IPv4 in dots. */
export interface Told {
  readonly id: string;
  readonly switch: string | null;
  /** Feeders that are gone or silent, slower than the others, or that sent what was not signed. */
  readonly lost: readonly string[];
  readonly late: readonly string[];
  readonly bad: readonly string[];
  /** Bytes per second that it sends while several machines wait for it; null: not known yet. */
  readonly uplink: number | null;
  /** Bytes that it still lacks. */
  readonly left: number;
}

/** Who a machine shall take the image from: the parent of each stripe (null: the server), then spares in the order to use them; and who takes it from the machine. */
export interface Neighbours { readonly parents: readonly (string | null)[]; readonly spares: readonly string[]; readonly children: readonly string[] }

/** What happened to the shape, for the log. */
export interface ShapeEvent { readonly kind: 'placed' | 'demoted' | 'restored' | 'removed'; readonly ids: readonly string[]; readonly why: string }

/** The shape of one swarm while it lives. */
export interface Shaper {
  /** Resolves with the neighbours; for one that arrives when the wave it came with has been placed. */
  announce(told: Told): Promise<Neighbours>;
  /** Resolves with the neighbours when the parents differ from these or others are to be fed, after so many milliseconds in any case. */
  changed(id: string, parents: readonly (string | null)[], ms: number): Promise<Neighbours>;
  /** Takes a machine out: it went, or is no longer admitted. */
  remove(id: string, why: string): void;
  graph(): Graph;
}

export interface ShaperSettings {
  readonly stripes: number;
  readonly spares: number;
  /** Milliseconds, never going back. */
  now(): number;
  shaped(event: ShapeEvent): void;
  /** Calls back after so many milliseconds, unless the function that it gives is called before; absent: by the clock of the machine. */
  after?(ms: number, act: () => void): () => void;
}

function byTheClock(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms);
  return () => { clearTimeout(timer); };
}

/** A wave of arrivals is placed when none came for this long, or when the first has waited this long. */
const QUIET_MS = 80;
const LONGEST_MS = 1000;

/** Complaints within this time count together. */
const TOGETHER_MS = 5000;

/**
 * So many machines that complain of one feeder within that time demote it. Who is late may be held up by the one that waits, or
 * by a controller that is busy for a moment; who is seen to send as fast as any most likely is.
 */
const ENOUGH = { silent: 2, late: 3, lateYetSending: 5 };

/** When more than this share of a swarm has been found slow, it isn't the machines: nobody else is demoted for that. */
const MOST_DEMOTED = 0.25;

/** One machine is believed to have been sent wrong pieces by so many others. */
const MOST_POISONED = 3;

/** Who was demoted is tried again after this time, and after twice as long each time more; who sent what was not signed never. */
const PAUSE_MS = 15_000;

/** Who has not been heard for so long after its answer was due is gone when somebody complains of it, and else when it has not for longer. */
const SILENT_MS = 1500;
const GONE_MS = 10_000;
const LOOK_MS = 500;

/** Shapes a swarm of nobody. Each machine is expected to announce every second or so. */
export function createShaper(settings: ShaperSettings): Shaper {
  const { stripes, now, shaped, after = byTheClock } = settings;
  let graph = emptyGraph(stripes);
  let wave: { arrivals: Map<string, string | null>; began: number; placed: Promise<void> } | null = null;
  const heard = new Map<string, number>();
  const fares = createFares(now);
  const progressOf = (id: string): number => fares.progress(id);
  /** Those that were demoted: when they may feed again, and how often it happened. It outlives that they leave and come again. */
  const pauses = new Map<string, { until: number; times: number; over: boolean }>();
  const waiting = new Set<{ id: string; parents: readonly (string | null)[]; feeds: string; tell: () => void }>();
  let looked = -Infinity;
  let accusations: { by: string; of: string; at: number }[] = [];
  /** Who says of each machine that it sent what was not signed. */
  const poison = new Map<string, Set<string>>();

  /** Whom each machine feeds, and all machines in a row. */
  const children = new Map<string, Set<string>>();
  let row: readonly string[] = [];

  function reshape(next: Graph): void {
    graph = next;
    row = [...graph.members.keys()];
    children.clear();
    for (const { id, parents } of next.members.values()) {
      for (const parent of parents) if (parent !== null) children.set(parent, (children.get(parent) ?? new Set()).add(id));
    }
    for (const { id, parents, feeds, tell } of waiting) if (!same(parentsOf(id), parents) || childrenOf(id).join() !== feeds) tell();
  }

  const childrenOf = (id: string): string[] => [...children.get(id) ?? []];

  const parentsOf = (id: string): readonly (string | null)[] => graph.members.get(id)?.parents ?? [];

  /** Who arrives joins the wave that is waiting; the last arrival starts the quiet time anew. */
  function arrive({ id, switch: where }: Told): Promise<void> {
    if (wave !== null) {
      wave.arrivals.set(id, where);
      return wave.placed;
    }
    const arrivals = new Map([[id, where]]);
    const began = now();
    const placed = new Promise<void>((resolve) => {
      let size = 0;
      const look = (): void => {
        if (arrivals.size > size && now() - began < LONGEST_MS) {
          size = arrivals.size;
          after(QUIET_MS, look);
          return;
        }
        wave = null;
        // All that came may have left meanwhile.
        if (arrivals.size === 0) return resolve();
        const placedAll = withArrivals(graph, [...arrivals].map(([one, on]) => ({ id: one, switch: on })), progressOf);
        reshape([...arrivals.keys()].filter((one) => pauses.get(one)?.over === false).reduce((next, one) => demoted(next, one, progressOf), placedAll));
        shaped({ kind: 'placed', ids: [...arrivals.keys()], why: `arrived together, ${graph.members.size} in the swarm` });
        resolve();
      };
      look();
    });
    wave = { arrivals, began, placed };
    return placed;
  }

  /**
   * One machine complains of another that is alive. It is fed by somebody else at once. Enough that complain of the same feeder
   * are right; one that complains of two feeders, and gets less than others do,
   * has a link that is too slow itself, and is relieved of those it feeds.
   */
  function complain(by: string, of: string, how: 'silent' | 'late'): void {
    reshape(refed(graph, by, of, progressOf));
    accusations = [...accusations.filter(({ at }) => now() - at < TOGETHER_MS), { by, of, at: now() }];
    const accused = new Set(accusations.filter((one) => one.by === by).map((one) => one.of));
    const accusers = new Set(accusations.filter((one) => one.of === of).map((one) => one.by));
    if (accused.size > 1 && fares.isBehind(by)) demote(by, `finds ${[...accused].join(' and ')} ${how}, and gets less than others`);
    else if (accusers.size >= ENOUGH[how === 'late' && fares.sendsWell(of) ? 'lateYetSending' : how]) demote(of, `is ${how} for ${[...accusers].join(' and ')}`);
  }

  /**
   * Each machine has nothing more to do with who sent it a wrong piece; here it is kept from feeding others: for good when a
   * second one says so. Who says so of many is not believed.
   */
  function poisoned(id: string, by: string): void {
    const accusers = (poison.get(id) ?? new Set()).add(by);
    poison.set(id, accusers);
    const said = [...poison.values()].filter((one) => one.has(by)).length;
    if (said > MOST_POISONED) demote(by, `says of ${said} machines that they sent what was not signed`);
    else demote(id, `sent ${[...accusers].join(' and ')} what was not signed`, accusers.size > 1);
  }

  function demote(id: string, why: string, sure = false): void {
    accusations = accusations.filter((one) => one.by !== id && one.of !== id);
    const takers = [...graph.members.values()].filter(({ feeds }) => !feeds).length;
    if (!sure && takers + 1 > Math.max(1, MOST_DEMOTED * graph.members.size)) return;
    const after = demoted(graph, id, progressOf);
    if (sure) pauses.set(id, { until: Infinity, times: 1, over: false });
    if (after === graph) return;
    const times = (pauses.get(id)?.times ?? 0) + 1;
    pauses.set(id, { until: sure ? Infinity : now() + PAUSE_MS * 2 ** (times - 1), times, over: false });
    shaped({ kind: 'demoted', ids: [id], why });
    reshape(after);
  }

  function remove(id: string, why: string): void {
    heard.delete(id);
    fares.forget(id);
    wave?.arrivals.delete(id);
    if (!graph.members.has(id)) return;
    reshape(without(graph, id, progressOf));
    accusations = accusations.filter((one) => one.by !== id && one.of !== id);
    shaped({ kind: 'removed', ids: [id], why });
  }

  /** A machine that was blamed once may have been kept by something that is over. */
  function restoreAfterPause(id: string): void {
    const pause = pauses.get(id);
    if (pause === undefined || pause.over || now() < pause.until) return;
    pause.over = true;
    const after = restored(graph, id, progressOf);
    if (after === graph) return;
    shaped({ kind: 'restored', ids: [id], why: `${Math.round((PAUSE_MS * 2 ** (pause.times - 1)) / 1000)} s are over` });
    reshape(after);
  }

  /** Not at every announce: thousands of machines announce often. */
  function forgetSilent(): void {
    if (now() - looked < LOOK_MS) return;
    looked = now();
    for (const [id, at] of heard) if (now() - at > GONE_MS) remove(id, 'not heard any more');
  }

  function neighboursOf(id: string): Neighbours {
    const parents = parentsOf(id);
    const own = new Set([id, ...parents]);
    const spares: string[] = [];
    const from = hash(id);
    for (let step = 0; step < row.length && spares.length < settings.spares; step += 1) {
      const one = row[(from + step) % row.length];
      if (one !== undefined && !own.has(one)) spares.push(one);
    }
    return { parents, spares, children: childrenOf(id) };
  }

  return {
    async announce(told) {
      heard.set(told.id, now());
      forgetSilent();
      fares.told(told.id, told.uplink, told.left);
      if (!graph.members.has(told.id)) await arrive(told);
      for (const id of told.bad) if (graph.members.has(id)) poisoned(id, told.id);
      const slow = fares.slow(told.id);
      if (slow !== null) demote(told.id, slow);
      else restoreAfterPause(told.id);
      const feeds = (id: string): boolean => graph.members.get(told.id)?.parents.includes(id) ?? false;
      for (const id of told.lost.filter(feeds)) {
        if (now() - (heard.get(id) ?? 0) > tellInterval(graph.members.size) + SILENT_MS) remove(id, `silent, says ${told.id}`);
        else complain(told.id, id, 'silent');
      }
      for (const id of told.late.filter(feeds)) complain(told.id, id, 'late');
      return neighboursOf(told.id);
    },
    changed(id, parents, ms) {
      return new Promise((resolve) => {
        const one = { id, parents, feeds: childrenOf(id).join(), tell };
        const cancel = after(ms, tell);
        function tell(): void {
          cancel();
          waiting.delete(one);
          resolve(neighboursOf(id));
        }
        if (same(parentsOf(id), parents)) waiting.add(one);
        else tell();
      });
    },
    remove,
    graph: () => graph,
  };
}

const same = (a: readonly (string | null)[], b: readonly (string | null)[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);

/** Spreads the spares: neighbours in the list must not all have the same. */
function hash(text: string): number {
  let sum = 0;
  for (const char of text) sum = (sum * 31 + char.charCodeAt(0)) >>> 0;
  return sum;
}
