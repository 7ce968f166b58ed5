import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import type { ProvisioningInterface } from '../../infra/boot/provisioning-interface.ts';
import type { LogData } from '../../infra/log.ts';
import type { Command, Setup } from './boot-services.ts';
import type { Declared } from './plain-site.ts';

const run = promisify(execFile);
let made = 0;

/** The provisioning network of a Lan: `br0` of the controller's namespace. */
export const br0: ProvisioningInterface = {
  name: 'br0',
  address: '10.77.0.1',
  network: { id: 'n1', base: '10.77.0.0', prefix: 24, range: { first: '10.77.0.100', last: '10.77.0.120' } },
};

/** A machine on a Lan, in a network namespace of its own; its card is `eth0`. */
export interface LanHost {
  readonly namespace: string;
  /** Runs a program there and returns what it printed on both streams, whether it failed or not. */
  run(program: string, ...args: string[]): Promise<string>;
}

/** The packet services, running in the controller's namespace. */
export interface LanServices {
  /** The log so far. */
  readonly events: readonly (LogData & { event: string })[];
  command(command: Command): Promise<void>;
  /** Waits for an event of the log, at most ten seconds unless told. */
  until(event: string, since?: number, ms?: number): Promise<LogData>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** A virtual site of network namespaces: a controller with a bridge, and as many machines as a test wants. Needs root. */
export interface Lan {
  readonly controller: LanHost;
  /** Adds a machine on the controller's bridge, or on a bridge of another name, with this MAC; on null it has no card yet. */
  host(mac: string, bridge?: string | null): Promise<LanHost>;
  serve(setup: Partial<Setup>): Promise<LanServices>;
  /** Runs the IPv6 side of the services on a declared site. */
  serve6(declared: Declared): Promise<LanServices>;
  /** Ends everything that runs in the namespaces and removes them. */
  remove(): Promise<void>;
}

/** Builds a site with `br0` at 10.77.0.1/24 and a second bridge `br1` at 10.78.0.1/24. */
export async function createLan(): Promise<Lan> {
  made += 1;
  const prefix = `lan-${process.pid}-${made}`;
  const namespaces: string[] = [];
  const services: ChildProcess[] = [];

  async function addNamespace(): Promise<LanHost> {
    const namespace = `${prefix}-${namespaces.length}`;
    namespaces.push(namespace);
    await run('ip', ['netns', 'add', namespace]);
    await run('ip', ['-n', namespace, 'link', 'set', 'lo', 'up']);
    return {
      namespace,
      run: (program, ...args) =>
        new Promise((resolve) => {
          const all = ['netns', 'exec', namespace, program, ...args];
          execFile('ip', all, { timeout: 60_000 }, (_error, stdout, stderr) => resolve(stdout + stderr));
        }),
    };
  }

  const controller = await addNamespace();
  for (const [bridge, address] of [['br0', '10.77.0.1/24'], ['br1', '10.78.0.1/24']]) {
    const ip = (...args: string[]): Promise<unknown> => run('ip', ['-n', controller.namespace, ...args]);
    await ip('link', 'add', `${bridge}`, 'type', 'bridge', 'stp_state', '0', 'forward_delay', '0');
    await ip('addr', 'add', `${address}`, 'dev', `${bridge}`);
    await ip('link', 'set', `${bridge}`, 'up');
  }

  async function start(script: string, setup: object): Promise<LanServices> {
    const args = ['netns', 'exec', controller.namespace, process.execPath, join(import.meta.dirname, script), JSON.stringify(setup)];
    const child = spawn('ip', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    services.push(child);
    const running = observe(child);
    await running.until('ready', 0, 60_000); // a process begins slowly on a machine that is busy with others
    return running;
  }

  return {
    controller,
    async host(mac, bridge = 'br0') {
      const host = await addNamespace();
      if (bridge === null) return host;
      const port = `port${host.namespace.slice(prefix.length)}`;
      // A bridge takes the least address of its ports. Theirs rise, or it would change when a machine comes, and those that know the old one
      // would speak to nobody. (A bridge with an address of its own has no carrier before its first port, and Kea would not listen.)
      const address = `fe:00:00:00:${namespaces.length.toString(16).padStart(4, '0').replace(/(..)(..)/, '$1:$2')}`;
      await run('ip', ['-n', controller.namespace, 'link', 'add', port, 'address', address, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', host.namespace]);
      await run('ip', ['-n', controller.namespace, 'link', 'set', port, 'master', bridge, 'up']);
      await run('ip', ['-n', host.namespace, 'link', 'set', 'eth0', 'address', mac, 'up']);
      return host;
    },
    serve: (setup) => start('boot-services.ts', { services: ['dhcp'], interfaces: [br0], ...setup } satisfies Setup),
    serve6: (declared) => start('ipv6-services.ts', declared),
    async remove() {
      for (const child of services) child.kill('SIGKILL');
      for (const namespace of namespaces) {
        const { stdout } = await run('ip', ['netns', 'pids', namespace]);
        for (const pid of stdout.split('\n').filter(Boolean)) endProcess(Number(pid));
        await run('ip', ['netns', 'del', namespace]);
      }
    },
  };
}

function observe(child: ChildProcess): LanServices {
  const events: (LogData & { event: string })[] = [];
  const waiting = new Set<() => void>();
  const notify = (): void => [...waiting].forEach((wake) => wake());
  if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as LogData & { event: string });
    notify();
  });
  child.on('exit', notify);

  async function until(event: string, since = 0, ms = 10_000): Promise<LogData> {
    const deadline = AbortSignal.timeout(ms);
    for (;;) {
      const found = events.slice(since).find((one) => one.event === event);
      if (found) return found;
      if (child.exitCode !== null || deadline.aborted) throw new Error(`no ${event} in ${JSON.stringify(events.slice(since))}`);
      await new Promise<void>((resolve) => {
        waiting.add(resolve);
        deadline.addEventListener('abort', () => resolve(), { once: true });
      });
      waiting.clear();
    }
  }

  return {
    events,
    until,
    async command(command) {
      const since = events.length;
      child.stdin?.write(`${JSON.stringify(command)}\n`);
      await until('obeyed', since);
    },
    async kill(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
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
