import type { Incident } from './run.ts';
import { positions } from './answer.ts';

/** Where a machine stands in the trees: fed by the server in the stripe it passes on, or further down. */
export type Position = 'root' | 'inner';

/**
 * As soon as every machine has its place, lets one of them send at this share of its rate, and waits for the others only.
 * `turn` picks another one of those that stand there.
 */
export function slowMachine(where: Position, machines: number, mbit: number, share: number, turn: number): Incident[] {
  let done = false;
  // Places are given within a second; the look costs the server a request.
  return [0.2, 0.4, 0.7, 1, 1.5, 2, 3, 4].map((at) => ({
    at,
    act({ controller, world: { network }, lost, note }) {
      const parents = controller.parents();
      if (done || Object.keys(parents).length < machines && at < 4) return;
      done = true;
      const { roots, inner } = positions(parents, network.serverAddress);
      const there = where === 'root' ? roots : inner;
      const numbers = Array.from({ length: machines }, (_, i) => i + 1);
      const number = numbers.find((one) => network.address(one) === there[(turn * 5) % there.length]);
      if (number === undefined) throw new Error(`no machine is ${where}: ${JSON.stringify(parents)}`);
      network.throttle(number, mbit * share);
      lost.add(number);
      note(`${network.address(number)}, ${where}, sends at ${mbit * share} Mbit/s from ${at} s on`);
    },
  }));
}
