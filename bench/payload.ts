import { mkdtempSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadConfig } from '../infra/config.ts';
import { buildPeer } from '../infra/image/peer-build.ts';
import { report, rounded, say } from './support/outcome.ts';
import { figuresOf } from './swarm/figures.ts';
import { runSwarm, type SwarmRun } from './swarm/run.ts';

// How long it takes until every machine has its kernel and its initramfs: all of it from the controller to each machine, and
// as luna does it, kernel and first part from the controller, the rest from machine to machine. Links and files are both made
// smaller by `scale`: time is their ratio, so that the seconds are those of the whole files at `mbit` × scale.

const { values: options } = parseArgs({
  options: {
    machines: { type: 'string', default: '72' },
    mbit: { type: 'string', default: '4' },
    scale: { type: 'string', default: '16' },
    // In MB, as `node infra/image/initramfs-sizes.ts` measures them.
    kernel: { type: 'string', default: '8.2' },
    first: { type: 'string', default: '12.9' },
    rest: { type: 'string', default: '13.9' },
  },
});
if (process.getuid?.() !== 0) {
  console.error('This benchmark makes network namespaces, which only root may. Next: sudo npm run bench -- payload');
  process.exit(2);
}

const [machines, mbit, scale] = [Number(options.machines), Number(options.mbit), Number(options.scale)];
const folder = mkdtempSync('/var/tmp/luna-bench-payload-');
const peer = await buildPeer({ cacheDir: loadConfig(process.env).cacheDir });
const rows: (string | number)[][] = [];
const PIECE = 32 * 1024;

/** Seconds of the last machine; null when one never had it. */
async function timed(what: string, client: NonNullable<SwarmRun['client']>, megabytes: number): Promise<number | null> {
  const bytes = Math.ceil(megabytes * 1e6 / scale / PIECE) * PIECE;
  const alone = bytes * 8 / (mbit * 1e6);
  const result = await runSwarm({ machines, mbit, bytes, pieceLength: PIECE, peer, folder: `${folder}/run`, client, cut: 30 + alone * (client === 'nginx' ? machines * 1.5 : 10) });
  const { last, good, expected } = figuresOf(result);
  say(`${what}: ${last === null ? 'cut' : rounded(last, 1)} s, ${rounded(result.copies)} copies, CPU ${result.cpu} %`);
  rows.push([what, rounded(megabytes, 1), rounded(last ?? NaN, 1), rounded(result.copies), result.cpu, `${good}/${expected}`]);
  return last;
}

try {
  const [kernel, first, rest] = [Number(options.kernel), Number(options.first), Number(options.rest)];
  const before = await timed('all from the controller', 'nginx', kernel + first + rest);
  const unicast = await timed('kernel and first part from the controller', 'nginx', kernel + first);
  const swarm = await timed('the rest from machine to machine', 'luna', rest);
  const after = unicast === null || swarm === null ? null : rounded(unicast + swarm, 1);
  report({
    bench: 'payload',
    columns: ['what', 'MB', 'last s', 'copies', 'CPU %', 'good'],
    rows,
    figures: { machines, before_s: before === null ? null : rounded(before, 1), after_s: after, ratio: before === null || after === null ? null : rounded(after / before), megabytes_each: kernel + first },
    targets: { megabytes_each: 24 },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
