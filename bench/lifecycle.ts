import { parseArgs } from 'node:util';
import { type EngineCost, engineCost, total } from './lifecycle/engine-cost.ts';
import { type FleetResult, provisionFleet } from './lifecycle/fleet.ts';
import { median, type Outcome, report, rounded } from './support/outcome.ts';
import { inOwnNetwork } from './support/own-network.ts';

// `cost`: what the engine does for one lifecycle, beside a bare workflow of the same shape. `fleet`: 300 machines at once.

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    nodes: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '3' },
    machines: { type: 'string', default: '300' },
  },
});
inOwnNetwork();
const cost = options.only === 'fleet' ? null : costOutcome(await engineCost(Number(options.nodes), Number(options.rounds)));
const fleet = options.only === 'cost' ? null : fleetOutcome(await provisionFleet(Number(options.machines)));
const parts = [cost, fleet].filter((part) => part !== null);
report({
  bench: 'lifecycle',
  columns: ['', 'luna', 'bare'],
  rows: parts.flatMap(({ rows }) => rows),
  figures: Object.assign({}, ...parts.map(({ figures }) => figures)) as Outcome['figures'],
  targets: Object.assign({}, ...parts.map(({ targets }) => targets)) as Outcome['targets'],
});

type Part = Pick<Outcome, 'rows' | 'figures' | 'targets'>;

function costOutcome({ luna, bare, ratio, ratios }: EngineCost): Part {
  return {
    rows: [
      ['one lifecycle: CPU ms of the server', luna.server, bare.server],
      ['one lifecycle: CPU ms of the worker', luna.worker, bare.worker],
      ['one lifecycle: both', rounded(total(luna), 1), rounded(total(bare), 1)],
      ['one lifecycle: history events', luna.events, bare.events],
    ],
    figures: {
      ratio_to_bare: ratio, ratio_lowest: Math.min(...ratios), ratio_highest: Math.max(...ratios),
      events_ratio: rounded(luna.events / bare.events),
      luna_server_ms: luna.server, luna_worker_ms: luna.worker, luna_events: luna.events,
      bare_server_ms: bare.server, bare_worker_ms: bare.worker, bare_events: bare.events,
    },
    targets: { ratio_to_bare: 1.5 },
  };
}

function fleetOutcome({ wallS, completed, failed, repeatedCalls, lives, cpu }: FleetResult): Part {
  const lifeS = rounded(median(lives.map(({ totalMs }) => totalMs)) / 1000, 1);
  const waitedS = rounded(median(lives.map(({ waitedMs }) => waitedMs)) / 1000, 1);
  const all = completed + failed;
  return {
    rows: [
      [`${all} machines at once: seconds until the last run has ended`, wallS, ''],
      [`${all} machines at once: completed`, completed, ''],
      ['a machine: seconds from power-on to ready, median', lifeS, ''],
      ['a machine: seconds of waiting for its next order, median', waitedS, ''],
      ...Object.entries(cpu).map(([name, seconds]) => [`CPU seconds: ${name}`, seconds, '']),
    ],
    figures: {
      // Named as the target is; of another number of machines it says nothing.
      wall_s_300: all === 300 ? wallS : null,
      machines: all, wall_s: wallS, completed, failed, machine_s: lifeS, machine_waited_s: waitedS, repeated_calls: repeatedCalls,
      ...Object.fromEntries(Object.entries(cpu).map(([name, seconds]) => [`cpu_s_${name.replace(/\W.*/, '')}`, seconds])),
    },
    targets: { wall_s_300: 240, failed: 0 },
  };
}
