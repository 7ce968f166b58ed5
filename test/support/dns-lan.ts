import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { LogData } from '../../infra/log.ts';
import type { DnsSetup } from './dns-server.ts';

const run = promisify(execFile);

/** How long anything may take on a machine that does a lot else. */
const DEADLINE_MS = 30_000;

/** A machine in a network namespace of its own. */
export interface DnsHost {
  /** Runs a program there and returns what it printed on both streams, whether it failed or not. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Starts a program that stays; it is ready when a line of its output fits. */
  start(ready: RegExp, program: string, ...args: string[]): Promise<ChildProcess>;
}

/** The DNS service in the controller's namespace. */
export interface DnsServer {
  readonly events: readonly (LogData & { event: string })[];
  declare(site: DnsSetup['site']): Promise<void>;
}

/** A controller on a bridge, and machines on it. Needs root. */
export interface DnsLan {
  host(name: string, ...addresses: string[]): Promise<DnsHost>;
  serve(setup: DnsSetup): Promise<DnsServer>;
  remove(): Promise<void>;
}

/** Builds it: the controller's device has these addresses, with their prefix lengths. */
export async function createDnsLan(...addresses: string[]): Promise<DnsLan> {
  const prefix = `ldns-${process.pid}`;
  const namespaces: string[] = [];
  const children: ChildProcess[] = [];
  const controller = await addNamespace('ctl');
  const ip = (...args: string[]): Promise<unknown> => run('ip', ['-n', controller, ...args]);
  // Without a MAC of its own a bridge takes the lowest of its ports', which another machine changes under those that know it.
  await ip('link', 'add', 'br0', 'address', '52:54:00:00:77:01', 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
  await ip('link', 'set', 'br0', 'up');
  for (const address of addresses) await ip('addr', 'add', address, 'dev', 'br0', ...(address.includes(':') ? ['nodad'] : []));

  async function addNamespace(name: string): Promise<string> {
    const namespace = `${prefix}-${name}`;
    namespaces.push(namespace);
    await run('ip', ['netns', 'add', namespace]);
    await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    return namespace;
  }

  function start(namespace: string, ready: RegExp, program: string, args: string[]): Promise<ChildProcess> {
    const child = spawn('ip', ['netns', 'exec', namespace, program, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    children.push(child);
    return new Promise((resolve, reject) => {
      let said = '';
      const timer = setTimeout(() => { reject(new Error(`${program} is not ready: ${said}`)); }, DEADLINE_MS);
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          said = (said + chunk.toString()).slice(-4000);
          if (!ready.test(said)) return;
          clearTimeout(timer);
          resolve(child);
        });
      }
      child.once('exit', () => { reject(new Error(`${program} ended: ${said}`)); });
    });
  }

  return {
    async host(name, ...own) {
      const namespace = await addNamespace(name);
      await ip('link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace);
      await ip('link', 'set', name, 'master', 'br0', 'up');
      for (const address of own) await run('ip', ['-n', namespace, 'addr', 'add', address, 'dev', 'eth0', ...(address.includes(':') ? ['nodad'] : [])]);
      await run('ip', ['-n', namespace, 'link', 'set', 'eth0', 'up']);
      return {
        run: (program, ...args) => new Promise((resolve) => {
          execFile('ip', ['netns', 'exec', namespace, program, ...args], { timeout: DEADLINE_MS, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => { resolve(stdout + stderr); });
        }),
        start: (ready, program, ...args) => start(namespace, ready, program, args),
      };
    },
    async serve(setup) {
      const events: (LogData & { event: string })[] = [];
      const waiting = new Set<() => void>();
      const child = await start(controller, /"event":"ready"/, process.execPath, [join(import.meta.dirname, 'dns-server.ts'), JSON.stringify(setup)]);
      if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => {
        events.push(JSON.parse(line) as LogData & { event: string });
        for (const wake of waiting) wake();
      });
      return {
        events,
        async declare(site) {
          const since = events.length;
          child.stdin?.write(`${JSON.stringify({ site })}\n`);
          const deadline = AbortSignal.timeout(DEADLINE_MS);
          while (!events.slice(since).some(({ event }) => event === 'obeyed')) {
            if (deadline.aborted || child.exitCode !== null) throw new Error('the DNS service does not obey');
            await new Promise<void>((resolve) => {
              waiting.add(resolve);
              deadline.addEventListener('abort', () => { resolve(); }, { once: true });
            });
          }
        },
      };
    },
    async remove() {
      for (const child of children) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
      for (const namespace of namespaces) {
        const { stdout } = await run('ip', ['netns', 'pids', namespace]);
        for (const pid of stdout.split('\n').filter(Boolean)) endProcess(Number(pid));
        await run('ip', ['netns', 'del', namespace]);
      }
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone by itself between being listed and now.
  }
}
