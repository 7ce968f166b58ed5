import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { controllerAddress } from '../support/own-network.ts';
import { clientDevice, type Wire } from './wire.ts';

/** What one run of perfdhcp saw. */
export interface Exchanges {
  /** Exchanges of four messages that were completed, and messages that got no answer. */
  readonly completed: number;
  readonly drops: number;
  /** Milliseconds from DISCOVER to OFFER plus from REQUEST to ACK: the mean, and what 99 of 100 are below. */
  readonly mean: number;
  readonly p99: number;
}

/** Which clients ask: those of a file of MACs, or `count` made up from a base. */
export type Clients = { readonly macs: string } | { readonly base: string; readonly count: number };

const pxe = ['-o', `60,${Buffer.from('PXEClient:Arch:00007:UNDI:003016').toString('hex')}`, '-o', '93,0007', '-o', '94,010310', '-o', '97,0011223344556677889900112233445566'];

/** What perfdhcp ends with once in a few hundred thousand packets, when it reads the kernel's time stamp of one without its fraction. */
const ownMistake = /Sent packet's timestamp must not be greater/;

/** Asks with the options of a UEFI ROM, `rate` exchanges a second for `seconds`. Throws when perfdhcp can't run. */
export async function ask(wire: Wire, clients: Clients, rate: number, seconds: number, tries = 3): Promise<Exchanges> {
  const who = 'macs' in clients ? ['-M', clients.macs] : ['-b', `mac=${clients.base}`, '-R', String(clients.count)];
  const args = [
    ...wire.clients, 'perfdhcp', '-4', '-l', clientDevice, '-r', String(rate), '-p', String(seconds), '-W', '1000000', '-d', '1', '-x', 't', ...who, ...pxe, controllerAddress,
  ];
  const [program = '', ...rest] = args;
  // perfdhcp ends with 3 when something was dropped.
  const output = await promisify(execFile)(program, rest, { timeout: 60_000, maxBuffer: 256 * 1024 * 1024 })
    .catch((error: unknown) => {
      const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
      if (code === 3 && stdout !== undefined) return { stdout };
      if (tries > 1 && ownMistake.test(stderr ?? '')) return null;
      throw new Error(`perfdhcp: ${stderr ?? String(error)}`);
    });
  return output === null ? ask(wire, clients, rate, seconds, tries - 1) : read(output.stdout);
}

function read(text: string): Exchanges {
  const parts = text.split('***Statistics for: ').slice(1);
  const number = (part: string | undefined, name: string): number => Number(new RegExp(`${name}: ([-\\d.]+)`).exec(part ?? '')?.[1] ?? NaN);
  const [offers, acks] = parts;
  return {
    completed: number(acks, 'received packets'),
    drops: number(offers, 'drops') + number(acks, 'drops'),
    mean: number(offers, 'avg delay') + number(acks, 'avg delay'),
    p99: text.split('***Timestamps for packets: ').slice(1).reduce((sum, part) => sum + percentile(delays(part), 0.99), 0),
  };
}

/** Lines `sent / received: 000000.000148 / 000000.001513`, in seconds since the beginning. */
function delays(part: string): number[] {
  return [...part.matchAll(/sent \/ received: ([\d.]+) \/ ([\d.]+)/g)].map(([, sent, received]) => (Number(received) - Number(sent)) * 1000);
}

function percentile(values: number[], part: number): number {
  return values.sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? NaN;
}
