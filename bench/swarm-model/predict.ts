import { depthOf } from '../../infra/boot/torrent/graph.ts';
import { modelTracker } from './tracker.ts';
import type { Case } from './case.ts';
import { World } from './world.ts';

/** What the model says of a case. Times in units of the file's size over the rate; from the last arrival on. */
export interface Prediction {
  /** Of the last machine, without one that is slow itself; null when it took over five times as long. */
  last: number | null;
  half: number | null;
  /** Bytes that the server sent, in files. */
  copies: number;
  /** How many machines the longest way leads through. */
  depth: number;
  /** Crossings between switches, in files' worth a machine. */
  events: readonly string[];
  seconds: number;
}

const CUT = 5;

/** Runs the model. */
export async function predict(plan: Case): Promise<Prediction> {
  const tracker = modelTracker(plan.stripes, plan.stripes);
  const world = new World(plan, tracker);
  const began = performance.now();
  let lastArrival = 0;
  for (const machine of world.machines.slice(1)) {
    const at = plan.stagger > 0 ? plan.stagger * world.random() : 0;
    lastArrival = Math.max(lastArrival, at);
    world.events.at(at, () => { machine.start(); });
  }
  const ideal = plan.bytes / plan.rate;
  const needed = (): boolean => world.whole >= plan.machines - 1 && world.machines.every(({ id, left }) => left === 0 || id === world.slow);
  await world.run(lastArrival + ideal * CUT, needed);
  const finished = world.machines.slice(1).filter(({ id }) => id !== world.slow).map((machine) => machine.finished);
  const times = finished.flatMap((time) => time ?? []).sort((a, b) => a - b);
  const share = (index: number): number | null => {
    const time = times.length < finished.length ? undefined : times[index];
    return time === undefined ? null : (time - lastArrival) / ideal;
  };
  const graph = tracker.graph();
  return {
    last: share(times.length - 1), half: share(Math.floor(times.length / 2)), copies: world.machine(0).sent / plan.bytes,
    depth: Math.max(...[...graph.members.values()].flatMap(({ id, parents }) => parents.map((_, stripe) => depthOf(graph, id, stripe)))),
    events: tracker.events, seconds: (performance.now() - began) / 1000,
  };
}
