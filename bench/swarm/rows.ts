import type { SwarmRun } from './run.ts';
import { type Position, slowMachine } from './slow.ts';

/** A row of the benchmark's table: so many machines, one client, one condition. */
export interface Row {
  name: string;
  /** How often it is run. */
  rounds: number;
  settings: Pick<SwarmRun, 'machines' | 'mbit' | 'bytes' | 'pieceLength' | 'client' | 'stagger'>;
  /** Where the machine stands that sends slowly. */
  slow?: Position;
  /** What befalls it, in which round. */
  incidents?: (round: number) => NonNullable<SwarmRun['incidents']>;
}

const MiB = 1024 * 1024;

/**
 * Rates are such that two cores carry all machines; sizes such that the ideal time is over 20 s. One machine alone has the
 * link and the file of the 72, so that their times compare; it has 1920 pieces, still fewer than images that are installed
 * (2800 to 5700): what a swarm costs at its begin and its end is some hundred times a piece's time, whatever the file's size.
 */
const sizes: Readonly<Record<number, { mbit: number; bytes: number }>> = {
  1: { mbit: 3, bytes: 60 * MiB },
  8: { mbit: 16, bytes: 40 * MiB },
  36: { mbit: 6, bytes: 20 * MiB },
  72: { mbit: 3, bytes: 60 * MiB },
};

const QUARTER = 0.25;
const ARRIVAL_SECONDS = 5;

/** The folders whose code decides the result of a row; stock clients share nothing with luna but the network. */
export function sourcesOf(row: string): string[] {
  return row.startsWith('luna') ? ['bench/swarm', 'infra/boot/torrent', 'infra/initramfs/peer'] : ['bench/swarm'];
}

/** The rows, those of the goals first. `mib` replaces the file's size, to try things out. */
export function swarmRows(rounds: number, mib?: number): Row[] {
  const size = (machines: number): Row['settings'] => {
    const { mbit, bytes } = sizes[machines] ?? { mbit: 8, bytes: 20 * MiB };
    return { machines, mbit, bytes: mib === undefined ? bytes : mib * MiB, pieceLength: 32 * 1024, client: 'luna' };
  };
  const slow = (where: Position): Row => ({
    name: `luna 36 slow ${where}`, rounds, settings: size(36), slow: where,
    incidents: (round) => slowMachine(where, 36, size(36).mbit, QUARTER, round),
  });
  const foreign = (client: NonNullable<SwarmRun['client']>, machines: number): Row => ({ name: `${client} ${machines}`, rounds: 1, settings: { ...size(machines), client } });
  return [
    ...[1, 8, 36, 72].map((machines) => ({ name: `luna ${machines}`, rounds, settings: size(machines) })),
    slow('inner'), slow('root'),
    { name: 'luna 36 stagger', rounds, settings: { ...size(36), stagger: ARRIVAL_SECONDS } },
    foreign('aria2', 8), foreign('aria2', 36), foreign('libtorrent', 8), foreign('libtorrent', 36), foreign('nginx', 1), foreign('nginx', 8),
  ];
}
