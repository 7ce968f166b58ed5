import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { busyMeter } from '../support/busy.ts';
import { type Client, clients, type Place } from './clients.ts';
import { type Controller, startController } from './controller.ts';
import { type BenchImage, makeImage } from './image.ts';
import type { ShapedNetwork } from './network.ts';
import { makeWorld, type World } from './world.ts';

/** One run of a swarm. */
export interface SwarmRun {
  machines: number;
  mbit: number;
  bytes: number;
  pieceLength: number;
  /** The peer's binary. */
  peer: string;
  folder: string;
  /** Peers write traces to N/log in the folder, which costs CPU. */
  verbose?: boolean;
  client?: keyof ReturnType<typeof clients>;
  /** Machines start within this many seconds, one after another; 0 or absent: all at once. */
  stagger?: number;
  /** Seconds after the start at which single machines arrive. */
  late?: Readonly<Record<number, number>>;
  /** Machines that run another client than the rest. */
  foreign?: Readonly<Record<number, keyof ReturnType<typeof clients>>>;
  /** Programs that machines run instead of a client; nobody waits for those. */
  instead?: Readonly<Record<number, (place: Place) => string[]>>;
  /** The machines that tracker and seeder admit, all when absent. */
  admitted?: readonly number[];
  incidents?: readonly Incident[];
  /** The run goes on until this holds, too. */
  until?(scene: Scene): boolean;
  /** When it is cut, in seconds; five times the ideal time and ten seconds when absent. */
  cut?: number;
  /** Called with seconds since the start, five times a second. */
  meanwhile?(seconds: number, network: ShapedNetwork, log: () => string): void;
}

/** Something that befalls the swarm so many seconds after the start. */
export interface Incident { at: number; act(scene: Scene): void }

/** What an incident can touch. */
export interface Scene {
  world: World;
  controller: Controller;
  /** Machines that the run no longer waits for: they can't have the file. */
  lost: Set<number>;
  /** Machines that have the file. */
  whole(number: number): boolean;
  /** Leaves a word on what was done, and to whom. */
  note(text: string): void;
}

/** Seconds until each machine had the file, null for those that never had; all compared byte for byte. */
export interface SwarmResult {
  finished: (number | null)[];
  /** When each machine was started. */
  started: number[];
  /** Machines that could not finish, by number. */
  lost: number[];
  notes: string[];
  ideal: number;
  copies: number;
  /** Share of all cores in percent: what was busy on the average and in the busiest second, and what the run's own programs took. */
  cpu: number;
  cpuPeak: number;
  cpuOwn: number;
  /** What the host of a virtual machine gave to others meanwhile. */
  stolen: number;
  /** Of tracker and seeder. */
  log: string;
}

/** Runs it. */
export async function runSwarm(run: SwarmRun): Promise<SwarmResult> {
  const { machines, mbit, bytes, pieceLength, folder } = run;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const world = makeWorld(machines, mbit);
  try {
    const { network } = world;
    const all = Array.from({ length: machines }, (_, i) => i + 1);
    const image = makeImage(bytes, pieceLength, folder, `http://${network.serverAddress}:7050/announce`);
    const place = (number: number): Place => ({
      address: network.address(number), server: network.serverAddress, folder, own: join(folder, String(number)), infoHash: image.infoHash,
    });
    for (const number of [0, ...all]) mkdirSync(place(number).own);
    const known = clients(run.peer, run.verbose);
    const clientOf = (number: number): Client => known[run.foreign?.[number] ?? run.client ?? 'luna'];
    for (const number of [0, ...all]) clientOf(number).prepare?.(place(number));
    const admitted = run.admitted === undefined ? [] : [0, ...run.admitted].map((number) => network.address(number));
    const controller = startController(world, place(0), image, clientOf(0), admitted);
    await controller.ready();
    return await watch({ run, world, controller, clientOf, image, place, all });
  } finally {
    world.remove();
  }
}

interface Stage { run: SwarmRun; world: World; controller: Controller; clientOf(number: number): Client; image: BenchImage; place(number: number): Place; all: number[] }

/** From the start to the last machine. */
async function watch({ run, world, controller, clientOf, image, place, all }: Stage): Promise<SwarmResult> {
  const { network } = world;
  const ideal = (run.bytes * 8) / (run.mbit * 1e6);
  const startOne = (number: number): void => {
    const argv = run.instead?.[number]?.(place(number)) ?? clientOf(number).fetch(place(number));
    world.start(number, join(place(number).own, 'log'), argv);
  };
  const stagger = run.stagger ?? 0;
  const started = all.map((number) => run.late?.[number] ?? (stagger > 0 ? (stagger * (number - 1)) / Math.max(1, all.length - 1) : 0));
  const pending = new Set(all.filter((number) => stagger > 0 || (started[number - 1] ?? 0) > 0));
  const first = all.filter((number) => !pending.has(number));
  for (const number of first) startOne(number);
  const expected = first.filter((number) => run.admitted?.includes(number) ?? true).length;
  for (const until = Date.now() + 60_000; controller.waiting() < expected && Date.now() < until;) await sleep(200);

  const lost = new Set(Object.keys(run.instead ?? {}).map(Number));
  const notes: string[] = [];
  const finished: (number | null)[] = all.map(() => null);
  const scene: Scene = { world, controller, lost, whole: (number) => finished[number - 1] !== null, note: (text) => { notes.push(text); } };
  const incidents = [...run.incidents ?? []].sort((a, b) => a.at - b.at);
  const before = { sent: network.sent(0), cpu: world.cpuSeconds() };
  const busy = busyMeter();
  const began = Date.now();
  controller.open();
  const cut = (run.cut ?? ideal * 5 + 10) * 1000;
  const goesOn = (): boolean => incidents.length > 0 || all.some((number) => finished[number - 1] === null && !lost.has(number)) || run.until?.(scene) === false;
  for (let tick = 0; goesOn() && Date.now() - began < cut; tick += 1) {
    await sleep(50);
    const now = (Date.now() - began) / 1000;
    for (const number of pending) {
      if ((started[number - 1] ?? 0) > now) continue;
      pending.delete(number);
      startOne(number);
    }
    for (const number of all) {
      if (finished[number - 1] !== null) continue;
      const at = clientOf(number).finished(place(number).own);
      if (at !== null) finished[number - 1] = (at - began) / 1000;
    }
    while (incidents[0] !== undefined && incidents[0].at <= now) incidents.shift()?.act(scene);
    if (tick % 4 === 0) run.meanwhile?.(now, network, controller.log);
    if (tick % 20 === 0) busy.look();
  }
  const load = busy.end();
  const cpuOwn = Math.round((100 * (world.cpuSeconds() - before.cpu)) / ((Date.now() - began) / 1000) / cpus().length);
  const copies = (network.sent(0) - before.sent) / run.bytes;
  for (const number of all) {
    const file = join(place(number).own, 'image');
    if (!existsSync(file) || !readFileSync(file).equals(image.bytes)) finished[number - 1] = null;
  }
  return { finished, started, lost: [...lost], notes, ideal, copies, ...load, cpuOwn, log: controller.log() };
}
