import { rounded } from '../support/outcome.ts';
import { ask, type Clients, type Exchanges } from './perfdhcp.ts';
import type { Contender } from './servers.ts';

/** The highest rate that a server answered without a drop. */
export interface Best extends Exchanges {
  /** Completed exchanges a second. */
  readonly rate: number;
  /** CPU milliseconds of the server for each exchange. */
  readonly cpuMs: number;
}

/** Seconds of one run, and by what a rate differs from the next. */
const seconds = 2;
const coarse = 1.4;
const fine = 1.12;
/** After so many runs a search goes no higher: the next round goes on from where it ended. */
const mostRuns = 6;

/**
 * Looks for the highest rate without a drop from `hint` on: upwards while all is answered, downwards until it is, first in
 * coarse steps and then in fine ones.
 */
export async function highestRate(server: Contender, clients: Clients, hint: number): Promise<Best> {
  let best: Best | null = null;
  let failed = Infinity;
  let runs = 0;
  const answers = async (rate: number): Promise<boolean> => {
    runs += 1;
    const before = server.cpu();
    const run = await ask(server.wire, clients, Math.round(rate), seconds);
    const cpuMs = ((server.cpu() - before) * 1000) / Math.max(run.completed, 1);
    // perfdhcp itself falls behind at some rate: then it is the limit, and what it reached counts.
    const all = run.drops === 0 && run.completed > 0;
    if (all && run.completed / seconds > (best?.rate ?? 0)) best = { ...run, rate: rounded(run.completed / seconds, 0), cpuMs };
    if (!all) failed = Math.min(failed, rate);
    return all && run.completed / seconds > rate * 0.85;
  };
  let rate = hint;
  let step = coarse;
  if (await answers(rate)) while (runs < mostRuns && rate * step < failed && await answers(rate * step)) rate *= step;
  else {
    do rate /= step; while (rate > 20 && !(await answers(rate)));
  }
  step = fine;
  for (let tries = 0; tries < 2 && runs < mostRuns && rate * step < failed; tries += 1) {
    if (!(await answers(rate * step))) break;
    rate *= step;
  }
  return best ?? { completed: 0, drops: 0, mean: NaN, p99: NaN, rate: 0, cpuMs: NaN };
}
