import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What clients saw of a server. */
export interface Measured { perSecond: number; latencyMs: number; answered: number; lost: number }

/** Machines that ask at once, each from its own address: no server is asked by one machine alone. */
const CLIENTS = ['10.30.240.1', '10.30.240.2', '10.30.240.3', '10.30.240.4'];

/** Asks as fast as answers come, by datagram with EDNS, for some seconds. */
export async function ask(server: string, questions: string, seconds: number): Promise<Measured> {
  const each = await Promise.all(CLIENTS.map(async (client) => {
    const { stdout } = await run('dnsperf', ['-s', server, '-a', client, '-d', questions, '-l', String(seconds), '-c', '2', '-q', '32', '-e'], { timeout: (seconds + 20) * 1000 });
    return { perSecond: figure(stdout, /Queries per second:\s+([\d.]+)/), latency: figure(stdout, /Average Latency \(s\):\s+([\d.]+)/), answered: figure(stdout, /Queries completed:\s+(\d+)/), lost: figure(stdout, /Queries lost:\s+(\d+)/) };
  }));
  const sum = (what: 'perSecond' | 'answered' | 'lost') => each.reduce((total, one) => total + one[what], 0);
  return { perSecond: sum('perSecond'), answered: sum('answered'), lost: sum('lost'), latencyMs: each.reduce((total, { latency }) => total + latency, 0) / each.length * 1000 };
}

function figure(text: string, pattern: RegExp): number {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`dnsperf said nothing of ${pattern.source}:\n${text}`);
  return Number(found);
}
