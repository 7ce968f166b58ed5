import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, report, rounded, say } from './support/outcome.ts';
import { inOwnNetwork } from './support/own-network.ts';
import { download, serverAddress, serverDevice } from './tftp/clients.ts';
import { serverNames, startServer } from './tftp/servers.ts';

// One boot program of 1 MB to many machines at once, block by block as ROMs ask for it: luna beside tftp-hpa and dnsmasq.

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '3' }, clients: { type: 'string', default: '1,50,200' } } });
inOwnNetwork();
execFileSync('ip', ['address', 'add', `${serverAddress}/32`, 'dev', serverDevice]);

const SIZE = 1024 * 1024;
const FILE = 'boot-program';
const levels = options.clients.split(',').map(Number);
/** How often each machine fetches it: enough that a round takes a second or more, and within what luna lets one machine ask for. */
const timesAt = (clients: number): number => Math.max(1, Math.ceil(Math.min(30, 100 / clients)));

interface Round { mbPerS: number; cpuMsPerMb: number }
const rounds = new Map<string, Round[]>();
const keyOf = (server: string, clients: number): string => `${server} ${clients}`;

const folder = mkdtempSync(join('/var/tmp', 'luna-bench-tftp-'));
try {
  const served = join(folder, 'served');
  mkdirSync(served);
  writeFileSync(join(served, FILE), Uint8Array.from({ length: SIZE }, (_, at) => (at * 31 + (at >> 9)) & 255));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    for (const clients of levels) {
      // Each round begins with another one, so that what goes on beside hits them alike.
      for (let turn = 0; turn < serverNames.length; turn += 1) await measure(serverNames[(round + turn) % serverNames.length] ?? '', clients, served);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

const figure = (server: string, clients: number, read: (round: Round) => number): number => median((rounds.get(keyOf(server, clients)) ?? []).map(read));
const ratio = (clients: number, to: string): number => rounded(figure('luna', clients, (r) => r.mbPerS) / figure(to, clients, (r) => r.mbPerS));
report({
  bench: 'tftp',
  columns: ['server', 'clients', 'MB/s', 'slowest', 'fastest', 'CPU ms per MB'],
  rows: levels.flatMap((clients) => serverNames.map((server) => {
    const all = (rounds.get(keyOf(server, clients)) ?? []).map((r) => r.mbPerS);
    const middle = [figure(server, clients, (r) => r.mbPerS), Math.min(...all), Math.max(...all)].map((value) => rounded(value, 1));
    return [server, clients, ...middle, rounded(figure(server, clients, (r) => r.cpuMsPerMb), 1)];
  })),
  figures: {
    ratio_to_tftpd_hpa: Math.min(...levels.map((clients) => ratio(clients, 'tftp-hpa'))),
    ratio_to_dnsmasq: Math.min(...levels.map((clients) => ratio(clients, 'dnsmasq'))),
    ...Object.fromEntries(levels.flatMap((clients) => [
      [`ratio_to_tftpd_hpa_${clients}`, ratio(clients, 'tftp-hpa')],
      [`luna_mb_per_s_${clients}`, rounded(figure('luna', clients, (r) => r.mbPerS), 1)],
    ])),
    rounds: Number(options.rounds),
  },
  targets: {},
  atLeast: { ratio_to_tftpd_hpa: 0.9 },
});

async function measure(name: string, clients: number, served: string): Promise<void> {
  const server = await startServer(name, served, FILE);
  try {
    // In use for a while, as a server that was not started for this is.
    await download(250, FILE, 10);
    const [cpuBefore, began] = [server.cpuSeconds(), performance.now()];
    const machines = Array.from({ length: clients }, (_, at) => at + 1);
    const bytes = await Promise.all(machines.map((machine) => download(machine, FILE, timesAt(clients))));
    const seconds = (performance.now() - began) / 1000;
    const mb = bytes.reduce((sum, one) => sum + one, 0) / 1e6;
    const expected = (clients * timesAt(clients) * SIZE) / 1e6;
    if (mb !== expected) throw new Error(`${name} sent ${mb} MB of ${expected}`);
    // tftp-hpa's children are counted once they are gone: they wait for a repeated ACK for a while.
    const outcome = { mbPerS: mb / seconds, cpuMsPerMb: ((server.cpuSeconds() - cpuBefore) * 1000) / mb };
    rounds.set(keyOf(name, clients), [...(rounds.get(keyOf(name, clients)) ?? []), outcome]);
    say(`${name}, ${clients} clients: ${rounded(outcome.mbPerS, 1)} MB/s`);
  } finally {
    await server.stop();
  }
}
