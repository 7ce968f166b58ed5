import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server that runs for the benchmark. */
export interface RunningServer { pid: number; stop(): Promise<void> }

/** BIND as it comes, with a thread for each core, on zone files named like their zones; `known` is a name in them. */
export async function startBind(address: string, folder: string, zones: readonly string[], known: string): Promise<RunningServer> {
  const conf = join(folder, 'named.conf');
  writeFileSync(conf, [
    `options { directory "${folder}"; listen-on { ${address}; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; recursion no; dnssec-validation no; };`,
    'controls { };',
    ...zones.map((zone) => `zone "${zone}" { type primary; file "${zone}"; };`),
  ].join('\n'));
  return started(address, 'named', ['-f', '-c', conf], known);
}

/** dnsmasq with the names in a file of hosts. */
export async function startDnsmasq(address: string, folder: string, names: readonly { full: string; value: string }[]): Promise<RunningServer> {
  const hosts = join(folder, 'hosts');
  writeFileSync(hosts, names.map(({ full, value }) => `${value} ${full}\n`).join(''));
  const args = ['--keep-in-foreground', '--conf-file=/dev/null', '--user=root', '--no-resolv', '--no-hosts', `--addn-hosts=${hosts}`, '--local=/cluster/', `--listen-address=${address}`, '--bind-interfaces', '--pid-file=', '--log-facility=/dev/null'];
  return started(address, 'dnsmasq', args, names[0]?.full ?? '');
}

async function started(address: string, program: string, args: string[], name: string): Promise<RunningServer> {
  // Both look for their addresses among those of the interfaces.
  execFileSync('ip', ['address', 'add', `${address}/32`, 'dev', 'lo']);
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'spawn');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  };
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([address]);
  for (const until = Date.now() + 30_000; Date.now() < until; await sleep(50)) {
    if (child.exitCode !== null) break;
    if (await resolver.resolve4(name).then(() => true, () => false)) return { pid: child.pid ?? 0, stop };
  }
  await stop();
  throw new Error(`${program} does not answer at ${address}`);
}
