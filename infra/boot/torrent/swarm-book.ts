import type { SwarmEvent, SwarmLink, SwarmMember, SwarmPart, SwarmRecord, SwarmSummary, SwarmView } from '../../../domain/swarm.ts';
import type { Graph } from './graph.ts';
import type { ShapeEvent } from './shaper.ts';
import { type Counted, createCounts } from './swarm-counts.ts';
import { createWave, type Wave } from './wave.ts';

/** An announce, as far as it is written down. */
export interface Announced extends Counted { ip: string; event: string; shaped: boolean }

/** What a swarm loads. */
export interface SwarmOf { osimageId: string; osimage: string; artefact: string; part: SwarmPart; infoHash: string; size: number }

export interface BookSettings {
  /** Milliseconds, never going back; and the time of day. */
  now(): number;
  date(): Date;
  /** The name of the machine with an address, its switch, and its link's Mbit/s; nulls for what nobody knows. */
  machineAt(ip: string): { node: string | null; switch: string | null; link: number | null };
  /** The link of the server, Mbit/s; null when nobody knows. */
  serverLink(): number | null;
}

/** What is written down of one swarm: its machines, and the waves in which they come. */
export interface SwarmBook {
  heard(announced: Announced): void;
  /** Returns what is to be told of it; null for what is usual. */
  shaped(event: ShapeEvent): SwarmEvent | null;
  /** Called every second or so: notes who fell silent. Returns a wave that is over, once. */
  look(): SwarmRecord | null;
  summary(): SwarmSummary;
  view(graph: Graph | null): SwarmView;
  /** What happened lately, oldest first. */
  events(): readonly SwarmEvent[];
  /** The wave that goes on, as it would be recorded now. */
  open(): SwarmRecord | null;
}

interface Known { ip: string; counts: ReturnType<typeof createCounts>; at: number; arrived: number; done: number | null; state: SwarmMember['state']; why: string; shaped: boolean }

/** Who announces every second is silent after so long; any other client, that announces every ten or so, after longer. */
const SILENT_MS = { shaped: 10_000, other: 40_000 };
/** Who has all and is not heard any more was handed over: it is shown for so long. */
const FORGET_MS = 60_000;
/** A wave is over when nobody has loaded for so long: who comes later begins another. */
const QUIET_MS = 10_000;
/** So many of the newest events are shown of a swarm. */
const EVENTS = 200;

/** Begins to write down what a swarm does. */
export function createSwarmBook(of: SwarmOf, { now, date, machineAt, serverLink }: BookSettings): SwarmBook {
  const members = new Map<string, Known>();
  const demoted = new Map<string, string>();
  let wave: Wave | null = null;
  let quietSince = now();
  let events: SwarmEvent[] = [];
  const rate = { received: 0, sent: 0, at: now(), server: 0 };
  const nameOf = (ip: string): string => machineAt(ip).node ?? ip;

  function arrive({ ip, event, shaped, ...counted }: Announced): Known {
    const at = now();
    const isStart = event === 'started';
    const done = counted.left === 0;
    const one: Known = { ip, counts: createCounts(of.size, counted, isStart, at), at, arrived: at, done: null, state: done ? 'done' : 'loading', why: '', shaped };
    members.set(ip, one);
    if (done) return one;
    wave ??= createWave(of, at, date());
    wave.arrived(ip, at, one.counts.had > 0);
    return one;
  }

  /** It was not heard for long, and is what it was: what it tells goes on from what it told. */
  function comeBack(one: Known): void {
    one.state = 'loading';
    one.why = '';
    wave ??= createWave(of, now(), date());
    wave.arrived(one.ip, one.arrived, one.counts.had > 0);
  }

  function leave(one: Known, why: string): void {
    one.counts.still();
    if (one.state !== 'loading') return;
    one.state = 'gone';
    one.why = why;
    wave?.gone(one.ip, { why, percent: percentOf(one) });
  }

  function note(kind: string, ips: readonly string[], why: string): SwarmEvent {
    const event = { at: date().toISOString(), kind, nodes: ips.map(nameOf), why: named(why) };
    events = [...events, event].slice(-EVENTS);
    wave?.noted(event);
    return event;
  }

  /** The shaper knows machines by their addresses. */
  function named(why: string): string {
    return why.replace(/\b\d+\.\d+\.\d+\.\d+\b/g, (ip) => nameOf(ip));
  }

  const percentOf = (one: Known): number => Math.min(100, Math.floor((one.counts.had * 100) / of.size));

  function link(): SwarmLink | null {
    const reported = [serverLink(), ...[...members.keys()].map((ip) => machineAt(ip).link)].filter((mbit) => mbit !== null);
    if (reported.length > 0) return { mbit: Math.min(...reported), known: 'reported' };
    const seen = wave?.fastest ?? 0;
    return seen === 0 ? null : { mbit: Math.round((seen * 8) / 1e4) / 100, known: 'seen' };
  }

  function share(bound: number | null): number | null {
    if (bound === null) return null;
    const shares = [...members.values()].flatMap((one) => {
      const passed = ((one.done ?? now()) - one.arrived) / 1000;
      return one.state === 'gone' || (one.state === 'done' && one.done === null) || passed < 1 ? [] : [(bound * one.counts.had) / of.size / passed];
    });
    return shares.length === 0 ? null : shares.reduce((all, one) => all + one, 0) / shares.length;
  }

  function summary(): SwarmSummary {
    const all = [...members.values()];
    const count = (state: SwarmMember['state']): number => all.filter((one) => one.state === state).length;
    const sum = (which: 'rateIn' | 'rateOut'): number => Math.round(all.reduce((sofar, { counts }) => sofar + counts.rates[which], 0));
    const known = link();
    const bound = known === null ? null : (of.size * 8) / (known.mbit * 1e6);
    return {
      ...of, startedAt: wave?.startedAt ?? null, seconds: wave === null ? null : (now() - wave.began) / 1000,
      machines: all.length, loading: count('loading'), done: count('done'), gone: count('gone'),
      rateIn: sum('rateIn'), rateOut: sum('rateOut'), serverRate: Math.max(0, Math.round(rate.server)), copies: wave?.copies ?? 0, link: known, bound, share: share(bound),
    };
  }

  return {
    heard(announced) {
      const { ip, event, left } = announced;
      let one = members.get(ip);
      if (one === undefined && event === 'stopped') return;
      if (one?.state === 'gone' && event !== 'started') comeBack(one);
      if (one === undefined || (left > 0 && one.state !== 'loading')) one = arrive(announced);
      one.at = now();
      if (one.state === 'loading') quietSince = one.at;
      const more = one.counts.told(announced, one.at, event === 'started');
      wave?.counted(more, one.counts.rates);
      if (left === 0 && one.state !== 'done') {
        one.state = 'done';
        one.done = one.at;
        wave?.done(ip, one.at);
      }
      if (event !== 'stopped') return;
      leave(one, 'it left');
      if (one.state === 'done') one.at -= FORGET_MS;
    },
    shaped({ kind, ids, why }) {
      if (kind === 'placed') return null;
      for (const ip of ids) {
        const one = members.get(ip);
        if (kind === 'removed' && one !== undefined) leave(one, named(why));
        if (kind === 'demoted') demoted.set(ip, named(why));
      }
      // Who has all and goes is no event.
      const told = kind === 'removed' ? ids.filter((ip) => members.get(ip)?.state !== 'done') : ids;
      return told.length > 0 ? note(kind, told, why) : null;
    },
    look() {
      for (const one of members.values()) {
        const silent = now() - one.at;
        if (one.state === 'loading' && silent > SILENT_MS[one.shaped ? 'shaped' : 'other']) leave(one, 'it is not heard any more');
        if (one.state !== 'loading' && silent > FORGET_MS) {
          members.delete(one.ip);
          demoted.delete(one.ip);
        }
      }
      const passed = now() - rate.at;
      if (wave !== null && passed > 0) {
        const { received, sent } = wave.sums;
        rate.server = ((received - rate.received - (sent - rate.sent)) * 1000) / passed;
        Object.assign(rate, { received, sent, at: now() });
      }
      if ([...members.values()].some(({ state }) => state === 'loading')) quietSince = now();
      if (wave === null || now() - quietSince < QUIET_MS) return null;
      const record = wave.record(link(), nameOf, date());
      wave = null;
      Object.assign(rate, { received: 0, sent: 0, server: 0 });
      return record;
    },
    summary,
    view(graph) {
      const shaped = (ip: string) => graph?.members.get(ip);
      return {
        ...summary(), stripes: graph?.stripes ?? 0, events,
        members: [...members.values()].map((one) => {
          const { rateIn, rateOut } = one.counts.rates;
          const left = of.size - one.counts.had;
          const at = shaped(one.ip);
          return {
            node: nameOf(one.ip), ip: one.ip, switch: machineAt(one.ip).switch, state: one.state, percent: percentOf(one),
            rateIn: Math.round(rateIn), rateOut: Math.round(rateOut), eta: one.state === 'loading' && rateIn > 0 ? Math.round(left / rateIn) : null,
            seconds: one.done === null ? null : (one.done - one.arrived) / 1000,
            stripe: at?.stripe ?? null, feeds: at?.feeds ?? true, parents: (at?.parents ?? []).map((parent) => (parent === null ? null : nameOf(parent))),
            why: one.why === '' ? demoted.get(one.ip) ?? '' : one.why,
          };
        }),
      };
    },
    events: () => events,
    open: () => wave?.record(link(), nameOf, null) ?? null,
  };
}
