import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Watches how busy the whole machine is. */
export interface BusyMeter {
  /** Notes the peak; to be called about once a second. */
  look(): void;
  /** Share of all cores in percent since the start: the average, that of the busiest second, and what the host of a virtual machine gave to others meanwhile. */
  end(): { cpu: number; cpuPeak: number; stolen: number };
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
      cpuPeak = Math.max(cpuPeak, share('busy', last, now));
      last = now;
    },
    end() {
      const now = read();
      return { cpu: Math.round(share('busy', first, now)), cpuPeak: Math.round(cpuPeak), stolen: Math.round(share('stolen', first, now)) };
    },
  };
}

interface Reading { busy: number; stolen: number; at: number }

function read(): Reading {
  const line = readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '';
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line.trim().split(/\s+/).slice(1).map(Number);
  return { busy: (user + nice + system + irq + softirq + steal) / 100, stolen: steal / 100, at: performance.now() / 1000 };
}

function share(what: 'busy' | 'stolen', a: Reading, b: Reading): number {
  return (100 * (b[what] - a[what])) / (b.at - a.at) / cpus().length;
}
