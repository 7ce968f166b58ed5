import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { zoneFile } from '../domain/bind.ts';
import { zonesOf } from '../domain/zones.ts';
import { ask, type Measured } from './dns/dnsperf.ts';
import { startBind, startDnsmasq } from './dns/servers.ts';
import { declareNames } from './dns/site.ts';
import { cpuSeconds } from './support/cpu.ts';
import { startInstance } from './support/instance.ts';
import { median, report, rounded, say } from './support/outcome.ts';
import { controllerAddress, inOwnNetwork } from './support/own-network.ts';

// The names of 2000 nodes, asked for as fast as a server answers: luna (the DNS process of `luna up`, from its store) beside
// BIND with as many threads as there are cores, and dnsmasq with a file of hosts.

const { values: options } = parseArgs({
  options: { nodes: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '5' }, rounds: { type: 'string', default: '3' } },
});
inOwnNetwork();

const folder = mkdtempSync('/var/tmp/luna-bench-dns-');
const instance = await startInstance(['documents', 'dns']);
const others: { stop(): Promise<void> }[] = [];
try {
  const site = await declareNames(instance.config, Number(options.nodes));
  const { zones } = zonesOf(site);
  const questions = join(folder, 'questions');
  const owners = zones.flatMap(({ name, records }) => records.filter(({ type }) => type === 'A' || type === 'PTR').map((record) => ({ ...record, full: `${record.name}.${name}` })));
  writeFileSync(questions, owners.map(({ full, type }) => `${full} ${type}\n`).join(''));
  mkdirSync(join(folder, 'bind'));
  for (const zone of zones) writeFileSync(join(folder, 'bind', zone.name), zoneFile(zone, 1));
  const bind = await startBind('10.30.250.2', join(folder, 'bind'), zones.map(({ name }) => name), owners.find(({ type }) => type === 'A')?.full ?? '');
  others.push(bind);
  const dnsmasq = await startDnsmasq('10.30.250.3', folder, owners.filter(({ type }) => type === 'A'));
  others.push(dnsmasq);
  const servers = [
    { name: 'luna', address: controllerAddress, pid: instance.pid('dns') },
    { name: 'BIND', address: '10.30.250.2', pid: bind.pid },
    { name: 'dnsmasq', address: '10.30.250.3', pid: dnsmasq.pid },
  ];
  const found = new Map(servers.map(({ name }) => [name, [] as (Measured & { cpu: number })[]]));
  for (let round = 1; round <= Number(options.rounds); round++) {
    for (const { name, address, pid } of servers) {
      const before = cpuSeconds(pid);
      const measured = await ask(address, questions, Number(options.seconds));
      found.get(name)?.push({ ...measured, cpu: (cpuSeconds(pid) - before) / measured.answered * 1e6 });
      say(`round ${round}: ${name} ${Math.round(measured.perSecond)} answers a second, ${measured.lost} lost`);
    }
  }
  const middle = (name: string, what: 'perSecond' | 'latencyMs' | 'cpu' | 'lost') => median((found.get(name) ?? []).map((one) => one[what]));
  report({
    bench: 'dns',
    columns: ['server', 'answers/s', 'mean latency ms', 'CPU µs for each', 'lost'],
    rows: servers.map(({ name }) => [name, Math.round(middle(name, 'perSecond')), rounded(middle(name, 'latencyMs'), 3), rounded(middle(name, 'cpu'), 1), middle(name, 'lost')]),
    figures: {
      luna_per_s: Math.round(middle('luna', 'perSecond')), bind_per_s: Math.round(middle('BIND', 'perSecond')), dnsmasq_per_s: Math.round(middle('dnsmasq', 'perSecond')),
      ratio_to_bind: rounded(middle('luna', 'perSecond') / middle('BIND', 'perSecond')),
      ratio_to_dnsmasq: rounded(middle('luna', 'perSecond') / middle('dnsmasq', 'perSecond')),
      luna_lost: middle('luna', 'lost'), rounds: Number(options.rounds), nodes: Number(options.nodes),
    },
    targets: { luna_lost: 0 },
    atLeast: { ratio_to_bind: 0.25 },
  });
} finally {
  for (const other of others) await other.stop();
  await instance.stop();
  rmSync(folder, { recursive: true, force: true });
}
