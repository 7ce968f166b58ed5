import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openStore } from '../infra/store/connect.ts';
import { openSecretBox } from '../infra/store/secrets-key.ts';
import { loadHere, makeClients } from './http/clients.ts';
import { startNginx } from './http/nginx.ts';
import { cpuSeconds } from './support/cpu.ts';
import { benchLog, startInstance } from './support/instance.ts';
import { median, report, rounded, say } from './support/outcome.ts';
import { controllerAddress, inOwnNetwork } from './support/own-network.ts';
import { declareSite } from './support/site.ts';

// The boot process of a luna beside nginx, with the same file for the same clients: over a link that is shaped, and without one.

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '32' },
    megabits: { type: 'string', default: '1000' },
    megabytes: { type: 'string', default: '40' },
  },
});
const [rounds, count, megabits, megabytes] = [options.rounds, options.clients, options.megabits, options.megabytes].map(Number) as [number, number, number, number];
/** Without a link in between a file is over soon: it is loaded several times. */
const TIMES = 4;

interface Server { name: string; url: string; pids: readonly number[] }
interface Run { mbPerS: number; cpuPerGb: number }
type Way = 'shaped' | 'loopback';

inOwnNetwork();
const luna = await startInstance(['documents', 'boot']);
const store = await openStore(luna.config.mongo.uri, { log: benchLog, database: luna.config.mongo.database, secrets: openSecretBox(luna.config.secretsKey) });
const runs = new Map<string, Run[]>();
const nginx = await startNginx(luna.config.bootDir);
try {
  await declareSite(store, luna.config, 1, { bmc: false });
  writeFileSync(join(luna.config.bootDir, 'initramfs-of-the-benchmark'), randomBytes(megabytes * 1_000_000));
  const servers: Server[] = [
    { name: 'luna', url: `http://${controllerAddress}:${luna.config.httpPort}/boot/initramfs-of-the-benchmark`, pids: [luna.pid('boot')] },
    { name: 'nginx', url: `${nginx.url}/initramfs-of-the-benchmark`, pids: nginx.pids },
  ];
  await measure('loopback', servers, count * TIMES * megabytes, (url) => loadHere(count, Array.from({ length: TIMES }, () => url)));
  const clients = makeClients(count, megabits);
  try {
    await measure('shaped', servers, count * megabytes, (url) => clients.load([url]));
  } finally {
    clients.remove();
  }
} catch (error) {
  await stop();
  throw error;
}
const peakMb = Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${luna.pid('boot')}/status`, 'utf8'))?.[1]) / 1024);
await stop();

const of = (way: Way, server: string, figure: keyof Run): number => median((runs.get(`${way} ${server}`) ?? []).map((run) => run[figure]));
const ratio = (way: Way): number => rounded(of(way, 'luna', 'mbPerS') / of(way, 'nginx', 'mbPerS'), 3);
report({
  bench: 'http',
  columns: ['', 'luna', 'nginx'],
  rows: (['shaped', 'loopback'] as const).flatMap((way) => {
    const what = way === 'shaped' ? `${count} clients over ${megabits} Mb/s in all` : `${count} clients on the same machine`;
    return [
      [`${what}: MB/s`, ...['luna', 'nginx'].map((name) => rounded(of(way, name, 'mbPerS'), 1))],
      [`${what}: CPU seconds per GB`, ...['luna', 'nginx'].map((name) => rounded(of(way, name, 'cpuPerGb'), 3))],
    ];
  }),
  figures: {
    ratio_to_nginx: ratio('shaped'), ratio_to_nginx_loopback: ratio('loopback'),
    ...Object.fromEntries((['shaped', 'loopback'] as const).flatMap((way) => ['luna', 'nginx'].flatMap((name) => [
      [`${name}_${way}_mb_s`, rounded(of(way, name, 'mbPerS'), 1)], [`${name}_${way}_cpu_s_gb`, rounded(of(way, name, 'cpuPerGb'), 3)],
    ]))),
    clients: count, rounds, luna_peak_mb: peakMb,
  },
  targets: {},
  atLeast: { ratio_to_nginx: 0.95 },
});

async function stop(): Promise<void> {
  await nginx.stop();
  await store.close();
  await luna.stop();
}

/** All rounds of one way, the servers in turn, the first in the second round last; once before to fill the caches. */
async function measure(way: Way, servers: readonly Server[], mb: number, load: (url: string) => Promise<number>): Promise<void> {
  for (const { url } of servers) await loadHere(2, [url]);
  for (let round = 1; round <= rounds; round += 1) {
    for (const { name, url, pids } of round % 2 === 0 ? servers.toReversed() : servers) {
      const cpu = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
      const before = cpu();
      const seconds = await load(url);
      const run = { mbPerS: mb / seconds, cpuPerGb: (cpu() - before) / (mb / 1000) };
      runs.set(`${way} ${name}`, [...(runs.get(`${way} ${name}`) ?? []), run]);
      say(`${way}, round ${round}, ${name}: ${rounded(run.mbPerS, 1)} MB/s, ${rounded(run.cpuPerGb, 3)} CPU seconds per GB`);
    }
  }
}
