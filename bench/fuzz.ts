import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { httpTarget } from '../test/support/fuzz-http.ts';
import { type FuzzTarget, packetTargets } from '../test/support/fuzz-targets.ts';
import { mutations } from '../test/support/mutations.ts';
import { report, rounded, say } from './support/outcome.ts';

// A million damaged packets to each protocol's parser and what is behind it; to the boot HTTP service and the tracker by real
// connections. What throws is a crash. `--seed` makes other damage.

const { values: options } = parseArgs({
  options: { packets: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: 'dhcp,dhcp6,tftp,dns,http,tracker' } },
});
const [packets, seed, only] = [Number(options.packets), Number(options.seed), options.only.split(',')];
/** Packets of one seed in a row, so that memory is looked at ten times and more. */
const AT_ONCE = 500;
/** Connections at once. */
const WIDTH = 8;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

let crashes = 0;
// What is thrown where nobody waits for it would end a service.
process.on('uncaughtException', (error) => { crashed('uncaught', null, error); });

interface Found { name: string; taken: number; seconds: number; grewMb: number; answers: boolean }
const found: Found[] = [];

for (const target of packetTargets.map((make) => make())) if (only.includes(target.name)) found.push(await run(target, 1));
for (const name of ['http', 'tracker'] as const) {
  if (!only.includes(name)) continue;
  const target = await httpTarget(name);
  found.push(await run(target, WIDTH));
  await target.stop();
}

report({
  bench: 'fuzz',
  columns: ['protocol', 'packets', 'seconds', 'memory grew by MB', 'answers afterwards'],
  rows: found.map(({ name, taken, seconds, grewMb, answers }) => [name, taken, rounded(seconds, 1), grewMb, answers ? 'yes' : 'NO']),
  figures: {
    crashes,
    fewest_packets: Math.min(...found.map(({ taken }) => taken)),
    answer_not: found.filter(({ answers }) => !answers).length,
    memory_growth_mb: Math.max(...found.map(({ grewMb }) => grewMb)),
    seed,
  },
  targets: { crashes: 0, answer_not: 0, memory_growth_mb: 64 },
  atLeast: { fewest_packets: packets },
});
process.exit(0);

/** Memory is compared between a tenth of the way, when caches are full, and the end. */
async function run(target: FuzzTarget, width: number): Promise<Found> {
  const began = performance.now();
  let [taken, round, early] = [0, 0, 0];
  while (taken < packets) {
    for (const packet of target.seeds) {
      const damaged = mutations(packet, AT_ONCE, (seed * 1_000_003 + (round += 1)) >>> 0);
      await Promise.all(Array.from({ length: width }, async () => {
        for (const one of damaged) {
          try {
            await target.take(one);
          } catch (error) {
            crashed(target.name, one, error);
          }
        }
      }));
      taken += AT_ONCE;
    }
    if (early === 0 && taken >= packets / 10) early = memory();
  }
  const grewMb = rounded(Math.max(0, memory() - early) / 1e6, 1);
  const answers = await target.answers();
  say(`${target.name}: ${taken} packets, memory ${grewMb} MB more, ${answers ? 'answers' : 'DOES NOT ANSWER'}`);
  return { name: target.name, taken, seconds: (performance.now() - began) / 1000, grewMb, answers };
}

function crashed(where: string, packet: Uint8Array | null, error: unknown): void {
  crashes += 1;
  if (crashes <= 10) console.error(`${where}: ${error instanceof Error ? error.stack ?? error.message : String(error)}${packet === null ? '' : `\n  packet ${Buffer.from(packet).toString('hex')}`}`);
}

function memory(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
