import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startLuna } from './dhcp/luna.ts';
import type { Clients } from './dhcp/perfdhcp.ts';
import { type Best, highestRate } from './dhcp/search.ts';
import { type Contender, startDnsmasq, startKea } from './dhcp/servers.ts';
import { median, report, rounded, say } from './support/outcome.ts';
import { enterNamespace } from './support/own-network.ts';

// How many exchanges of DISCOVER, OFFER, REQUEST, ACK a second a server completes without a drop, with the options of a
// UEFI ROM: for machines with a reservation and for unknown ones, which get a lease that must be on disk.

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    clients: { type: 'string', default: '5000' },
    only: { type: 'string' },
    kind: { type: 'string' },
  },
});
enterNamespace();

type Kind = 'dynamic' | 'reserved';
const kinds = (['dynamic', 'reserved'] as const).filter((kind) => options.kind === undefined || options.kind === kind);
const hints: Record<string, number> = { luna: 1500, Kea: 1500, dnsmasq: 300 };
const count = Number(options.clients);
const folder = mkdtempSync('/var/tmp/luna-bench-dhcp-');
const contenders: Contender[] = [];
try {
  const luna = await startLuna(count);
  contenders.push(luna, await startKea(folder, luna.machines), await startDnsmasq(folder, luna.machines));
  const macs = join(folder, 'macs');
  writeFileSync(macs, luna.machines.map(({ mac }) => `${mac}\n`).join(''));
  const clients: Record<Kind, Clients> = { dynamic: { base: '00:0c:01:02:03:04', count }, reserved: { macs } };
  const found = new Map<string, Best[]>();
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    for (const kind of kinds) {
      for (const server of contenders.filter(({ name }) => options.only === undefined || options.only === name)) {
        const key = `${server.name} ${kind}`;
        const before = found.get(key) ?? [];
        const best = await highestRate(server, clients[kind], before.at(-1)?.rate || (hints[server.name] ?? 1000));
        say(`round ${round}: ${key}: ${best.rate} a second, p99 ${rounded(best.p99)} ms, ${rounded(best.cpuMs)} CPU ms each`);
        found.set(key, [...before, best]);
      }
    }
  }
  outcome(found);
} finally {
  for (const server of contenders) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

function outcome(found: ReadonlyMap<string, readonly Best[]>): void {
  const rate = (name: string, kind: Kind): number => median((found.get(`${name} ${kind}`) ?? []).map((best) => best.rate));
  const ratio = (name: string, kind: Kind): number | null => {
    const value = rounded(rate('luna', kind) / rate(name, kind));
    return Number.isFinite(value) ? value : null;
  };
  report({
    bench: 'dhcp',
    columns: ['exchanges without a drop', 'a second, median', 'lowest', 'highest', 'mean ms', 'p99 ms', 'CPU ms each'],
    rows: [...found].map(([key, best]) => [
      key, ...[median(best.map((one) => one.rate)), Math.min(...best.map((one) => one.rate)), Math.max(...best.map((one) => one.rate))].map((value) => rounded(value, 0)),
      rounded(median(best.map(({ mean }) => mean))), rounded(median(best.map(({ p99 }) => p99))), rounded(median(best.map(({ cpuMs }) => cpuMs)), 3),
    ]),
    figures: {
      ratio_to_kea: ratio('Kea', 'dynamic'), ratio_to_kea_reserved: ratio('Kea', 'reserved'),
      ratio_to_dnsmasq: ratio('dnsmasq', 'dynamic'), ratio_to_dnsmasq_reserved: ratio('dnsmasq', 'reserved'),
      luna_dynamic: rounded(rate('luna', 'dynamic'), 0), luna_reserved: rounded(rate('luna', 'reserved'), 0),
      luna_p99_ms: rounded(median((found.get('luna dynamic') ?? []).map(({ p99 }) => p99))),
      kea_dynamic: rounded(rate('Kea', 'dynamic'), 0), kea_p99_ms: rounded(median((found.get('Kea dynamic') ?? []).map(({ p99 }) => p99))),
    },
    targets: {},
    atLeast: { ratio_to_kea: 1 },
  });
}
