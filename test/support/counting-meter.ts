import type { Meter } from '../../infra/meter.ts';

/** A meter that tells what it was told: packets by `kind result`, bytes, and gauges by name. */
export interface CountingMeter extends Meter {
  readonly packets: Readonly<Record<string, number>>;
  readonly bytes: number;
  read(gauge: string): number;
}

/** Counts in memory. */
export function countingMeter(): CountingMeter {
  const packets: Record<string, number> = {};
  const gauges = new Map<string, () => number>();
  let bytes = 0;
  return {
    packets,
    get bytes() { return bytes; },
    packet: (kind, result) => { packets[`${kind} ${result}`] = (packets[`${kind} ${result}`] ?? 0) + 1; },
    took: () => undefined,
    sent: (count) => { bytes += count; },
    gauge: (name, _help, read) => { gauges.set(name, read); },
    read: (name) => gauges.get(name)?.() ?? NaN,
  };
}
