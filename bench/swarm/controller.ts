import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchImage } from './image.ts';
import type { Client, Place } from './clients.ts';
import type { World } from './world.ts';

/** Tracker and seeder of one run, on the server. */
export interface Controller {
  /** Resolves when the seeder serves and the tracker knows it; rejects after a minute. */
  ready(): Promise<void>;
  /** How many machines wait for the start. */
  waiting(): number;
  open(): void;
  /** Whom each machine (by address) was told to load each stripe from. */
  parents(): Record<string, string[]>;
  /** Kills one with SIGKILL and starts it anew. */
  restart(which: 'tracker' | 'seeder'): void;
  /** What both have logged. */
  log(): string;
}

/** Starts both. Machines that are not in `admitted` are refused; without it none is. */
export function startController(world: World, place: Place, image: BenchImage, client: Client, admitted: readonly string[] = []): Controller {
  const { folder, server } = place;
  const logs = { tracker: join(folder, 'tracker.log'), seeder: join(folder, 'seeder.log') };
  const program = (name: string): string[] => [process.execPath, join(import.meta.dirname, name)];
  const start = {
    tracker: (begun: string) => world.start(0, logs.tracker, [...program('tracker.ts'), server, image.infoHash, client.tracker, begun, admitted.join(',')]),
    seeder: () => world.start(0, logs.seeder, client.seed?.(place) ?? [...program('seeder.ts'), server, folder, image.infoHash, admitted.join(',')]),
  };
  const running: Record<'tracker' | 'seeder', ChildProcess> = { tracker: start.tracker('held'), seeder: start.seeder() };
  const log = (): string => [logs.tracker, logs.seeder].map((file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')).join('');
  const ask = (path: string): string => world.ask(0, ['curl', '-s', '--max-time', '4', `http://${server}:7050/${path}`]);
  const isReady = (): boolean => {
    try {
      return ask('seeding').startsWith('true') || world.ask(0, ['curl', '-s', '-I', `http://${server}:8080/image`]).includes(' 200 ');
    } catch {
      return false;
    }
  };
  return {
    async ready() {
      for (const until = Date.now() + 60_000; !isReady(); await sleep(200)) {
        if (Date.now() > until) throw new Error(`tracker and seeder do not start: ${log().slice(-1000)}`);
      }
    },
    waiting: () => Number(ask('waiting')),
    open() { ask('open'); },
    parents: () => JSON.parse(ask('parents')) as Record<string, string[]>,
    restart(which) {
      // `ip netns exec` becomes the program, so this is its pid.
      running[which].kill('SIGKILL');
      running[which] = which === 'tracker' ? start.tracker('open') : start.seeder();
    },
    log,
  };
}
