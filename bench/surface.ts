import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../infra/root.ts';
import { openStore } from '../infra/store/connect.ts';
import { openSecretBox } from '../infra/store/secrets-key.ts';
import { benchLog, startInstance } from './support/instance.ts';
import { declareLargeSite } from './support/large-site.ts';
import { median, report, rounded, say } from './support/outcome.ts';
import { inOwnNetwork } from './support/own-network.ts';

// What an administrator of ten thousand nodes waits for: real commands against a real API, beside sites of a tenth and a hundredth.

const { values: options } = parseArgs({ options: { sizes: { type: 'string', default: '100,1000,10000' }, runs: { type: 'string', default: '5' } } });
inOwnNetwork();

const luna = join(projectRoot, 'cli', 'bin', 'luna');
const sizes = options.sizes.split(',').map(Number);
const runs = Number(options.runs);
/** Seconds by command, and megabytes of the API, for each size. */
const found = new Map<number, Map<string, number>>();
for (const size of sizes) found.set(size, await measureSite(size));

const [largest = 0, smaller = 0] = [...sizes].sort((a, b) => b - a);
const smallest = Math.min(...sizes);
const at = (size: number, name: string): number => found.get(size)?.get(name) ?? NaN;
const names = [...found.get(largest)?.keys() ?? []];
const times = names.filter((name) => name !== 'API, MB');
const growth = (name: string): number => at(largest, name) / at(smaller, name);
report({
  bench: 'surface',
  columns: ['command', ...sizes.map((size) => `${size} nodes, s`), `${largest} : ${smaller}`],
  rows: names.map((name) => [name, ...sizes.map((size) => rounded(at(size, name), 3)), rounded(growth(name), 1)]),
  figures: {
    list_s: rounded(at(largest, 'list'), 2),
    show_ms: rounded(at(largest, 'show') * 1000, 0),
    show_ratio: rounded(at(largest, 'show') / at(smallest, 'show'), 2),
    change_5000_s: rounded(at(largest, 'change half'), 2),
    history_s: rounded(at(largest, 'history'), 2),
    undo_s: rounded(at(largest, 'undo'), 2),
    export_s: rounded(at(largest, 'export'), 2),
    apply_s: rounded(at(largest, 'apply unchanged'), 2),
    api_mb: rounded(at(largest, 'API, MB'), 0),
    growth: rounded(Math.max(...times.map(growth)), 1),
    nodes: largest,
  },
  targets: { list_s: 2, show_ms: 400, show_ratio: 1.3, change_5000_s: 20, growth: 12 },
});

/** Seconds of each command on a site of so many nodes. */
async function measureSite(size: number): Promise<Map<string, number>> {
  const instance = await startInstance(['documents', 'api']);
  try {
    const store = await openStore(instance.config.mongo.uri, { log: benchLog, secrets: openSecretBox(instance.config.secretsKey) });
    const declared = performance.now();
    const nodes = await declareLargeSite(store, instance.config, size);
    say(`${size} nodes were declared in ${rounded((performance.now() - declared) / 1000, 1)} s`);
    await store.close();
    const file = join(instance.config.dataDir, 'site.yaml');
    const [first = '', last = ''] = [nodes[0], nodes[Math.ceil(size / 2) - 1]];
    const half = `node[${first.slice(4)}-${last.slice(4)}]`;
    const commands: [name: string, times: number, args: () => string[]][] = [
      ['list', runs, () => ['node', 'list']],
      ['list, JSON', runs, () => ['node', 'list', '--json']],
      ['show', 2 * runs, () => ['node', 'show', last]],
      ['filter', runs, () => ['node', 'list', '--group', 'group07']],
      ['export', Math.min(runs, 3), () => ['export']],
      ['apply unchanged', Math.min(runs, 3), () => ['apply', '-f', file]],
      ['change half', 1, () => ['node', 'change', half, '--service', 'y']],
      ['history', runs, () => ['history', '--limit', '20000']],
      ['undo', 1, () => ['undo']],
    ];
    writeFileSync(file, execFileSync(luna, ['export'], { encoding: 'utf8', maxBuffer: 2 ** 28 }));
    const seconds = new Map<string, number>();
    for (const [name, count, args] of commands) {
      seconds.set(name, measure(name, count, args()));
      say(`${name}: ${rounded(seconds.get(name) ?? NaN, 3)} s; the API has ${rounded(residentMegabytes(instance.pid('api')), 0)} MB`);
    }
    seconds.set('API, MB', residentMegabytes(instance.pid('api')));
    return seconds;
  } finally {
    await instance.stop();
  }
}

/** The median time of a command. What is done once is done once; else the first run only fills caches. */
function measure(name: string, count: number, args: readonly string[]): number {
  const seconds: number[] = [];
  for (let run = count === 1 ? 0 : -1; run < count; run += 1) {
    const began = performance.now();
    const { status, stderr } = spawnSync(luna, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
    if (status !== 0) throw new Error(`${name} failed: ${stderr.slice(0, 1000)}`);
    if (run >= 0) seconds.push((performance.now() - began) / 1000);
  }
  return median(seconds);
}

function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? NaN) / 1024;
}
