import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { loadConfig } from '../infra/config.ts';
import { buildPeer } from '../infra/image/peer-build.ts';
import { report, rounded, say } from './support/outcome.ts';
import { type Figures, figuresOf, middle } from './swarm/figures.ts';
import { openKept } from './swarm/kept.ts';
import { type Row, sourcesOf, swarmRows } from './swarm/rows.ts';
import { runSwarm, type SwarmResult } from './swarm/run.ts';
import { undisturbed } from './swarm/undisturbed.ts';

// How long it takes until one file is on all of N machines, each a network namespace whose link is shaped both ways: with
// luna's tracker, seeder and peer, and with stock clients beside them. Each row is kept when it is done: a run that was
// interrupted goes on where it was, until the code changes.

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    row: { type: 'string', multiple: true },
    fresh: { type: 'boolean', default: false },
    mib: { type: 'string' },
  },
});
if (process.getuid?.() !== 0) {
  console.error('This benchmark makes network namespaces, which only root may. Next: sudo npm run bench -- swarm');
  process.exit(2);
}

type Round = SwarmResult & { load: number };

const rows = swarmRows(Number(options.rounds), options.mib === undefined ? undefined : Number(options.mib));
const unknown = (options.row ?? []).filter((name) => !rows.some((row) => row.name === name));
if (unknown.length > 0) {
  console.error(`There is no row '${unknown.join("', '")}'. Next: --row with one of:\n${rows.map(({ name }) => `  ${name}`).join('\n')}`);
  process.exit(2);
}
const kept = openKept<Round>('swarm', options.fresh, sourcesOf);
const found = new Map<string, Round[]>();
const folder = mkdtempSync('/var/tmp/luna-bench-swarm-');
// A run that is interrupted leaves nothing either: machines' files are gigabytes.
process.once('exit', () => { rmSync(folder, { recursive: true, force: true }); });
const peer = await buildPeer({ cacheDir: loadConfig(process.env).cacheDir });
// Rounds outermost: what the machine does beside a row is spread over all rows.
for (let round = 1; round <= Number(options.rounds); round += 1) {
  for (const row of rows.filter(({ rounds }) => round <= rounds)) {
    const wanted = options.row?.includes(row.name) ?? true;
    const result = kept.read(row.name, round, row.settings) ?? (wanted ? await run(row, round) : null);
    if (result !== null) found.set(row.name, [...found.get(row.name) ?? [], result]);
  }
}
outcome();

async function run(row: Row, round: number): Promise<Round> {
  const load = rounded(loadavg()[0] ?? 0, 1);
  const result = await undisturbed(() => runSwarm({ ...row.settings, peer, folder: `${folder}/run`, incidents: row.incidents?.(round) ?? [] }), say);
  const { last, x, good, expected } = figuresOf(result);
  say(`${row.name}, round ${round}: ${last === null ? `cut, ${good} of ${expected} have it` : `${rounded(last, 1)} s`}, x ${x === null ? '–' : rounded(x, 3)}, `
    + `${rounded(result.copies)} copies, CPU ${result.cpu}/${result.cpuPeak} %, ${result.cpuOwn} % its own, ${result.stolen} % stolen, load before ${load} ${result.notes.join('; ')}`);
  const whole = { ...result, load, log: '' };
  kept.write(row.name, round, row.settings, whole);
  return whole;
}

function outcome(): void {
  const figures = (name: string): Figures[] => (found.get(name) ?? []).map(figuresOf);
  const of = (name: string, pick: (one: Figures) => number | null): number | null => middle(figures(name).map(pick));
  const copies = (name: string): number | null => middle((found.get(name) ?? []).map((one) => one.copies));
  const t1 = of('luna 1', ({ last }) => last);
  const t72 = of('luna 72', ({ last }) => last);
  const slow = [of('luna 36 slow inner', ({ x }) => x), of('luna 36 slow root', ({ x }) => x)];
  const load = [...found].flatMap(([name, rounds]) => (name.startsWith('luna') ? rounds.map(({ cpu }) => cpu) : []));
  report({
    bench: 'swarm',
    columns: ['machines and client', 'rounds', 'ideal s', 'last s', 'x', 'half s', 'copies', 'CPU % average', 'peak', 'its own', 'stolen', 'good', 'load before'],
    rows: [...rows.flatMap((row) => tableRow(row)), ...computed()],
    figures: {
      t72_over_t1: t1 === null || t72 === null ? null : rounded(t72 / t1, 3),
      x_last: of('luna 72', ({ x }) => x), share_p50: of('luna 72', ({ share50 }) => share50), share_p99: of('luna 72', ({ share99 }) => share99),
      seeder_copies: copies('luna 72'),
      x_slow: slow.includes(null) ? null : Math.max(...slow.map(Number)), x_stagger: of('luna 36 stagger', ({ x }) => x),
      cpu: load.length === 0 ? null : Math.max(...load),
    },
    targets: { t72_over_t1: 1.07, x_last: 1.15, seeder_copies: 1.1, x_slow: 1.3, x_stagger: 1.25, cpu: 75 },
  });
}

function tableRow({ name }: Row): (string | number)[][] {
  const results = found.get(name);
  if (results === undefined) return [];
  const all = results.map(figuresOf);
  const cell = (values: readonly (number | null)[], digits: number, otherwise: string): string | number => middle(values, digits) ?? otherwise;
  return [[
    name, results.length, rounded(results[0]?.ideal ?? 0, 1), cell(all.map(({ last }) => last), 1, 'cut'), cell(all.map(({ x }) => x), 3, '> 5'), cell(all.map(({ half }) => half), 1, '–'),
    cell(results.map((one) => one.copies), 2, '–'), cell(results.map(({ cpu }) => cpu), 0, '–'), Math.max(...results.map(({ cpuPeak }) => cpuPeak)), cell(results.map(({ cpuOwn }) => cpuOwn), 0, '–'), Math.max(...results.map(({ stolen }) => stolen)),
    all.map(({ good, expected }) => `${good}/${expected}`).join(' '), Math.max(...results.map((one) => one.load)),
  ]];
}

/** One server that sends the file to each machine apart needs its link N times. */
function computed(): (string | number)[][] {
  const one = found.get('nginx 1')?.map(figuresOf)[0]?.x ?? null;
  if (one === null) return [];
  return [8, 36, 72].map((machines) => [`nginx ${machines}, computed`, 0, '–', '–', rounded(one * machines, 1), '–', machines, '–', '–', '–', '–', '–', '–']);
}
