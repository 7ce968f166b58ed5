import { mkdtempSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../infra/config.ts';
import { buildPeer } from '../infra/image/peer-build.ts';
import { report, rounded, say } from './support/outcome.ts';
import { figuresOf } from './swarm/figures.ts';
import { openKept } from './swarm/kept.ts';
import { misfortunes } from './swarm/misfortunes.ts';
import { sourcesOf } from './swarm/rows.ts';
import { runSwarm, type SwarmResult } from './swarm/run.ts';
import { told } from './swarm/told.ts';

// What a swarm loses when machines die, freeze, lie or poison, when its tracker or seeder is restarted and when the network
// falls in two: whether all the others have a good file, how much later, and what was logged. Rows are kept as in `swarm`.

const { values: options } = parseArgs({
  options: {
    row: { type: 'string', multiple: true },
    fresh: { type: 'boolean', default: false },
    machines: { type: 'string', default: '36' },
    mbit: { type: 'string', default: '6' },
    mib: { type: 'string', default: '20' },
  },
});
if (process.getuid?.() !== 0) {
  console.error('This benchmark makes network namespaces, which only root may. Next: sudo npm run bench -- swarm-chaos');
  process.exit(2);
}
const [machines, mbit, bytes, pieceLength] = [Number(options.machines), Number(options.mbit), Number(options.mib) * 1024 * 1024, 32 * 1024];
const settings = { machines, mbit, bytes, pieceLength };
const all = misfortunes(machines, mbit, (bytes * 8) / (mbit * 1e6), pieceLength);
const unknown = (options.row ?? []).filter((name) => !all.some((one) => one.name === name));
if (unknown.length > 0) {
  console.error(`There is no row '${unknown.join("', '")}'. Next: --row with one of:\n${all.map(({ name }) => `  ${name}`).join('\n')}`);
  process.exit(2);
}
const kept = openKept<SwarmResult>('swarm-chaos', options.fresh, () => sourcesOf('luna'));
const found = new Map<string, SwarmResult>();
const folder = mkdtempSync('/var/tmp/luna-bench-chaos-');
// A run that is interrupted leaves nothing either: machines' files are gigabytes.
process.once('exit', () => { rmSync(folder, { recursive: true, force: true }); });
const peer = await buildPeer({ cacheDir: loadConfig(process.env).cacheDir });
for (const { name, ...misfortune } of all) {
  const before = kept.read(name, 1, settings);
  if (before === null && options.row !== undefined && !options.row.includes(name)) continue;
  const result = before ?? await runSwarm({ ...settings, ...misfortune, peer, folder: `${folder}/run` });
  if (before === null) kept.write(name, 1, settings, result);
  found.set(name, result);
  const { last, good, expected } = figuresOf(result);
  say(`${name}: ${good} of ${expected} good, last ${last === null ? '–' : rounded(last, 1)} s, CPU ${result.cpu}/${result.cpuPeak} % ${result.notes.join('; ')}`);
}
outcome();

function outcome(): void {
  const figures = [...found].map(([name, result]) => ({ name, result, ...figuresOf(result) }));
  const normal = figures.find(({ name }) => name === 'nothing')?.last ?? null;
  const lost = (last: number | null): number | null => (last === null || normal === null ? null : rounded(last - normal, 1));
  for (const { name, result } of figures) {
    console.log(`\n${name}${result.notes.length === 0 ? '' : ` (${result.notes.join('; ')})`}`);
    const lines = told(result.log);
    for (const line of lines.slice(0, 8)) console.log(`  ${line}`);
    if (lines.length > 8) console.log(`  and ${lines.length - 8} more`);
  }
  report({
    bench: 'swarm-chaos',
    columns: [`what befalls ${machines} machines`, 'good', 'last s', 'time lost s', 'x', 'copies', 'CPU % average', 'peak', 'its own', 'lines logged'],
    rows: figures.map(({ name, result, last, good, expected, x }) => [
      name, `${good}/${expected}`, last === null ? 'cut' : rounded(last, 1), lost(last) ?? '–', x === null ? '–' : rounded(x, 3),
      rounded(result.copies), result.cpu, result.cpuPeak, result.cpuOwn, told(result.log).length,
    ]),
    figures: {
      rows: figures.length, all_good: figures.every(({ good, expected }) => good === expected) ? 1 : 0,
      most_time_lost: figures.length === 0 ? null : Math.max(...figures.map(({ last }) => lost(last) ?? Infinity)),
    },
    targets: {}, atLeast: { all_good: 1 },
  });
}
