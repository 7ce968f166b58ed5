import { Events } from './events.ts';
import type { Case } from './case.ts';
import { type Cable, cables } from './links.ts';
import { Machine } from './machine.ts';
import type { Tracker } from './tracker.ts';

/** One way through cables and switches, apart from waiting. */
const LATENCY = 0.0003;

/** Until two machines have dialled each other and shaken hands. */
const CONNECT = 0.03;

/** What a HAVE or a request takes. */
const CONTROL = 80;

/** Beyond this many machines, only those that hang on one are told of a piece by a message; the others see it at once. */
const MANY = 100;

/** All machines of a case, and what happens between them. Machine 0 is the server. */
export class World {
  readonly events = new Events();
  readonly pieces: number;
  readonly blocks: number;
  readonly machines: Machine[];
  readonly plan: Case;
  readonly many: boolean;
  /** Machines that have everything. */
  whole = 0;
  /** Bytes that came a second time. */
  wasted = 0;
  /** The machine that was slowed down. */
  slow: number | null = null;
  private readonly cables: Cable[];
  private readonly tracker: Tracker;
  private readonly dialling = new Set<string>();
  private state: number;

  constructor(plan: Case, tracker: Tracker) {
    this.plan = plan;
    this.tracker = tracker;
    this.many = plan.machines > MANY;
    this.pieces = Math.ceil(plan.bytes / plan.pieceLength);
    this.blocks = plan.pieceLength / plan.blockLength;
    this.state = plan.seed * 7919 + 17;
    this.cables = cables(plan.machines, plan.rate, plan.switches);
    this.machines = this.cables.map((cable, id) => new Machine(this, id, cable));
  }

  /** Evenly from 0 to 1, the same in each run of a case. */
  random(): number {
    this.state = (this.state * 48271) % 2147483647;
    return this.state / 2147483647;
  }

  machine(id: number): Machine {
    const one = this.machines[id];
    if (one === undefined) throw new RangeError(`there is no machine ${id}`);
    return one;
  }

  inStripe(stripe: number): number {
    return Math.ceil((this.pieces - stripe) / this.plan.stripes);
  }

  /** Brings bytes from one machine to another. */
  carry(from: Machine, to: Machine, bytes: number, arrived: () => void): void {
    const { events } = this;
    const begin = Math.max(events.now, from.cable.up.free);
    const left = from.cable.up.pass(events.now, 0, bytes);
    events.at(begin + LATENCY, () => {
      let last = left + LATENCY;
      if (from.cable.at !== to.cable.at) {
        if (from.cable.at !== null) last = from.cable.at.up.pass(events.now, last, bytes);
        if (to.cable.at !== null) last = to.cable.at.down.pass(events.now, last, bytes);
      }
      events.at(to.cable.down.pass(events.now, last, bytes), arrived);
    });
  }

  /** Brings a small message; it waits behind what was sent before, and takes no time of its own. */
  tell(from: Machine, to: Machine, arrived: () => void): void {
    if (this.many) this.events.after(LATENCY + from.cable.up.wait(this.events.now), arrived);
    else this.carry(from, to, CONTROL, arrived);
  }

  connect(one: Machine, id: number): void {
    const other = this.machine(id);
    const key = one.id < id ? `${one.id} ${id}` : `${id} ${one.id}`;
    if (this.dialling.has(key) || other.started === null) return;
    this.dialling.add(key);
    this.events.after(CONNECT, () => {
      this.dialling.delete(key);
      one.meet(other);
    });
  }

  announce(machine: Machine): void {
    this.tracker.announce(this, machine);
  }

  /** Runs until everyone whom `needed` names is whole, or `until`. */
  async run(until: number, needed: () => boolean): Promise<void> {
    while (this.events.now < until && !needed() && this.events.step()) {
      // The tracker's own code waits by promises, which go on only when nothing else does.
      if (this.tracker.busy()) await new Promise((resolve) => { setImmediate(resolve); });
    }
  }
}
