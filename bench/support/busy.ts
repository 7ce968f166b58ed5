import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Watches how busy the whole machine is. */
export interface BusyMeter {
  /** Notes the peak; to be called about once a second. */
  look(): void;
  /** Share of all cores in percent since the start: the average, and that of the busiest second. */
  end(): { cpu: number; cpuPeak: number };
}

/** Starts one. Busy time counts against the clock: idle counters of tickless machines stand still. */
export function busyMeter(): BusyMeter {
  const first = read();
  let last = first;
  let cpuPeak = 0;
  return {
    look() {
      const now = read();
      if (now.at - last.at < 0.8) return;
      cpuPeak = Math.max(cpuPeak, share(last, now));
      last = now;
    },
    end: () => ({ cpu: Math.round(share(first, read())), cpuPeak: Math.round(cpuPeak) }),
  };
}

interface Reading { busy: number; at: number }

function read(): Reading {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return { busy: (user + nice + system + irq + softirq + steal) / 100, at: performance.now() / 1000 };
}

function share(a: Reading, b: Reading): number {
  return (100 * (b.busy - a.busy)) / (b.at - a.at) / cpus().length;
}
