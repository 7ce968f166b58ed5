import { globSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { loadConfig } from '../infra/config.ts';
import { makeDebianTree } from '../infra/image/debian-tree.ts';

/** A kind of test; `together`: its files may run side by side; `image`: some need the demo's image. The deadline is that of one file. */
interface Kind { name: string; together: boolean; image: boolean; deadlineMinutes: number }

/** In the order of their cost. All but the first share ports, namespaces or both cores. */
const kinds: readonly Kind[] = [
  { name: 'unit', together: true, image: false, deadlineMinutes: 3 },
  { name: 'protocol', together: false, image: true, deadlineMinutes: 5 },
  { name: 'workflow', together: false, image: false, deadlineMinutes: 5 },
  { name: 'cli', together: false, image: true, deadlineMinutes: 10 },
  { name: 'e2e', together: false, image: true, deadlineMinutes: 60 },
];

interface Tally { kind: string; tests: number; passed: number; failed: number; skipped: number; seconds: number }

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !kinds.some((kind) => kind.name === name));
if (unknown.length > 0) {
  console.error(`There is no kind of test '${unknown.join(' ')}'. Next: npm test -- ${kinds.map((kind) => kind.name).join(' ')}`);
  process.exit(2);
}

const tallies: Tally[] = [];
for (const kind of kinds.filter(({ name }) => asked.length === 0 || asked.includes(name))) tallies.push(await runKind(kind));
console.log(summary(tallies));
process.exit(tallies.some((tally) => tally.failed > 0) ? 1 : 0);

async function runKind(kind: Kind): Promise<Tally> {
  const folder = join(import.meta.dirname, '..', 'test', kind.name);
  const files = globSync('**/*.test.ts', { cwd: folder }).sort().map((file) => join(folder, file));
  const tally: Tally = { kind: kind.name, tests: 0, passed: 0, failed: 0, skipped: 0, seconds: 0 };
  if (files.length === 0) return tally;
  if (kind.image) await makeDebianTree({ cacheDir: loadConfig(process.env).cacheDir, progress: (sentence) => { console.log(`image: ${sentence}`); } });
  console.log(`\n${kind.name}: ${files.length} files`);
  const events = run({ files, concurrency: kind.together, timeout: kind.deadlineMinutes * 60_000 });
  events.on('test:summary', ({ file, counts, duration_ms }) => {
    if (file !== undefined) return;
    Object.assign(tally, { tests: counts.tests, passed: counts.passed, skipped: counts.skipped + counts.todo, seconds: duration_ms / 1000 });
    tally.failed = counts.tests - counts.passed - tally.skipped;
  });
  for await (const text of events.compose(new spec())) process.stdout.write(String(text));
  return tally;
}

function summary(all: readonly Tally[]): string {
  const total = all.reduce((sum, one) => ({
    kind: 'all',
    tests: sum.tests + one.tests,
    passed: sum.passed + one.passed,
    failed: sum.failed + one.failed,
    skipped: sum.skipped + one.skipped,
    seconds: sum.seconds + one.seconds,
  }));
  const line = (cells: readonly (string | number)[]) => cells.map((cell, i) => (i === 0 ? String(cell).padEnd(10) : String(cell).padStart(9))).join('');
  const rows = [...all, ...(all.length > 1 ? [total] : [])].map((one) => line([one.kind, one.tests, one.passed, one.failed, one.skipped, `${Math.round(one.seconds)} s`]));
  return ['', line(['kind', 'tests', 'passed', 'failed', 'skipped', 'time']), ...rows].join('\n');
}
