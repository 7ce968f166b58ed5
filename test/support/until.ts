import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something holds; fails after half a minute, which no machine that works needs, or after `ms`. */
export async function until(holds: () => boolean | Promise<boolean>, ms = 30_000): Promise<void> {
  const deadline = performance.now() + ms;
  while (!await holds()) {
    if (performance.now() > deadline) throw new Error(`still not after ${ms / 1000} s: ${String(holds)}`);
    await sleep(10);
  }
}
