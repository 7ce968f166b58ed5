import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { cpuSecondsOfTree } from '../support/cpu.ts';
import { shapedNetwork, type ShapedNetwork } from './network.ts';

/** Machines on a shaped network, and the programs that run on them. */
export interface World {
  network: ShapedNetwork;
  /** Starts a program on a machine, or on the server for 0; what it prints is appended to a file. */
  start(number: number, output: string, argv: readonly string[]): ChildProcess;
  /** What a program on a machine, or on the server for 0, prints; it has five seconds. */
  ask(number: number, argv: readonly string[]): string;
  /** CPU seconds of all programs on machines and server that are alive. */
  cpuSeconds(): number;
  /** Sends every program of a machine a signal. */
  signal(number: number, signal: NodeJS.Signals): void;
  remove(): void;
}

const PREFIX = 'sw';

/** Makes it. What a run that was killed has left behind is removed first. */
export function makeWorld(machines: number, mbit: number): World {
  removeLeftovers();
  const prefix = `${PREFIX}${process.pid}`;
  const network = shapedNetwork(prefix, machines, mbit);
  const name = (number: number): string => (number === 0 ? network.server : network.machine(number));
  const signal = (number: number, one: NodeJS.Signals): void => { signalAll(name(number), one); };
  const remove = (): void => {
    process.off('SIGTERM', interrupted).off('SIGINT', interrupted);
    removeNamespaces(prefix);
  };
  const interrupted = (): void => {
    remove();
    process.exit(130);
  };
  process.on('SIGTERM', interrupted).on('SIGINT', interrupted);
  return {
    network, signal, remove,
    cpuSeconds: () => Array.from({ length: machines + 1 }, (_, number) => pidsIn(name(number)).reduce((sum, pid) => sum + usedBy(pid), 0)).reduce((a, b) => a + b),
    start(number, output, argv) {
      const fd = openSync(output, 'a');
      const child = spawn('ip', ['netns', 'exec', name(number), ...argv], { stdio: ['ignore', fd, fd] });
      closeSync(fd);
      return child;
    },
    ask: (number, argv) => execFileSync('ip', ['netns', 'exec', name(number), ...argv], { encoding: 'utf8', timeout: 5000 }),
  };
}

function pidsIn(namespace: string): number[] {
  return execFileSync('ip', ['netns', 'pids', namespace], { encoding: 'utf8' }).split('\n').filter(Boolean).map(Number);
}

function usedBy(pid: number): number {
  try {
    return cpuSecondsOfTree(pid);
  } catch {
    return 0; // It ended meanwhile.
  }
}

function signalAll(namespace: string, signal: NodeJS.Signals): void {
  for (const pid of pidsIn(namespace)) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself meanwhile.
    }
  }
}

/** Ends what runs in the namespaces of one world, and removes them. */
function removeNamespaces(prefix: string): void {
  const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' }).split('\n').map((line) => line.split(' ')[0] ?? '');
  const own = names.filter((one) => one.startsWith(`${prefix}-`));
  for (const one of own) signalAll(one, 'SIGKILL');
  for (const one of own) execFileSync('ip', ['netns', 'del', one]);
}

function removeLeftovers(): void {
  const listed = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  const pids = new Set([...listed.matchAll(new RegExp(`^${PREFIX}(\\d+)-`, 'gm'))].map(([, pid]) => Number(pid)));
  for (const pid of pids) {
    try {
      process.kill(pid, 0);
    } catch {
      removeNamespaces(`${PREFIX}${pid}`);
    }
  }
}
