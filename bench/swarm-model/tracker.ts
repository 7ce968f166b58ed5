import { childrenOf, depthOf, type Graph } from '../../infra/boot/torrent/graph.ts';
import { createShaper, type Neighbours } from '../../infra/boot/torrent/shaper.ts';
import { tellInterval } from '../../infra/boot/torrent/tell-interval.ts';
import { WIRE } from './case.ts';
import type { Machine } from './machine.ts';
import type { World } from './world.ts';

/** The tracker of a model: luna's own shaper, whose clock is the model's. */
export interface Tracker {
  announce(world: World, machine: Machine): void;
  /** Whether its code has been given something to do since it was last asked. */
  busy(): boolean;
  graph(): Graph;
  /** What it did to the shape, after the first placing, with the time. */
  readonly events: readonly string[];
}

/** What an announce and its answer take on the wire, and the tracker's time for it (one after the other). */
const QUESTION = 500;
const ANSWER = 400;
const SECONDS_EACH = 0.0003;

/** The peer looks at its uplink so often, and knows it after so many looks at which it was the brake of two (uplink.go). */
const LOOK = 0.1;
const LOOKS = 11;

/** Makes it. `spares` as the tracker's own. */
export function modelTracker(stripes: number, spares: number): Tracker {
  let world: World | null = null;
  let stirred = false;
  let free = 0;
  let placed = false;
  const events: string[] = [];
  const seconds = (): number => world?.events.now ?? 0;
  const shaper = createShaper({
    stripes, spares,
    now: () => seconds() * 1000,
    after(ms, act) {
      let wanted = true;
      world?.events.after(ms / 1000, () => {
        if (!wanted) return;
        stirred = true;
        act();
      });
      return () => { wanted = false; };
    },
    shaped({ kind, ids, why }) {
      if (kind !== 'placed') events.push(`${seconds().toFixed(1)} s: ${kind} ${ids.join(' ')}: ${why}`);
      if (!placed && kind === 'placed' && world !== null) slowDown(world, shaper.graph());
      placed = true;
    },
  });

  /** One question on its way to the server, and through the tracker's queue. */
  function question(at: World, machine: Machine, act: () => void): void {
    at.carry(machine, at.machine(0), QUESTION, () => {
      free = Math.max(free, at.events.now) + SECONDS_EACH;
      at.events.at(free, () => {
        stirred = true;
        act();
      });
    });
  }

  function answer(at: World, machine: Machine, { parents, spares: others }: Neighbours, then: () => void): void {
    at.carry(at.machine(0), machine, ANSWER, () => {
      machine.arrange(parents.map((id) => (id === null ? 0 : Number(id))), others.map(Number));
      then();
    });
  }

  /** Machines keep asking, and are answered when something changes: a swarm that comes in several waves moves those that came first. */
  function ask(at: World, machine: Machine, again: boolean): void {
    question(at, machine, () => {
      void shaper.announce({ ...NOTHING, id: String(machine.id), switch: whereOf(at, machine), uplink: machine.uplink, left: machine.left }).then((neighbours) => {
        stirred = true;
        answer(at, machine, neighbours, () => { if (again) hold(at, machine, neighbours); });
      });
    });
  }

  function hold(at: World, machine: Machine, known: Neighbours): void {
    if (machine.left === 0) return;
    question(at, machine, () => {
      const id = String(machine.id);
      const told = shaper.announce({ ...NOTHING, id, switch: whereOf(at, machine), uplink: machine.uplink, left: machine.left });
      void told.then(() => shaper.changed(id, known.parents, tellInterval(at.plan.machines))).then((neighbours) => {
        stirred = true;
        answer(at, machine, neighbours, () => { hold(at, machine, neighbours); });
      });
    });
  }

  function watchUplink(at: World, machine: Machine, looks = 0): void {
    if (machine.left === 0) return;
    const known = looks + (machine.brakes() ? 1 : 0);
    if (known >= LOOKS) machine.uplink = machine.cable.up.rate / WIRE;
    if (known === LOOKS) ask(at, machine, false);
    if (known < LOOKS) at.events.after(LOOK, () => { watchUplink(at, machine, known); });
  }

  return {
    announce(at, machine) {
      world = at;
      ask(at, machine, true);
      if (at.plan.slow !== null) watchUplink(at, machine);
    },
    busy() {
      const was = stirred;
      stirred = false;
      return was;
    },
    graph: () => shaper.graph(),
    events,
  };
}

const NOTHING = { lost: [], late: [], bad: [] };

const whereOf = ({ plan }: World, { cable }: Machine): string | null => (plan.switchesKnown ? cable.at?.name ?? null : null);

/** Slows a machine down as soon as it has its place: a root, or one inside a tree that feeds as many as it can. */
function slowDown(world: World, graph: Graph): void {
  const { slow, rate, stripes } = world.plan;
  if (slow === null) return;
  const inner = [...graph.members.values()].find(({ id, stripe }) => depthOf(graph, id, stripe) === 2 && childrenOf(graph, id).length >= stripes);
  const id = slow === 'root' ? childrenOf(graph, null).find(({ stripe }) => stripe === 0)?.id : inner?.id;
  if (id === undefined) throw new Error(`no machine stands ${slow} in a swarm of ${graph.members.size}`);
  world.machine(Number(id)).cable.up.rate = rate / 4;
  world.slow = Number(id);
}
