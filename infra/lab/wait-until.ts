import { setTimeout as sleep } from 'node:timers/promises';
import { LabError } from './lab-error.ts';

/** Asks `test` every 50 ms until it says yes. @throws LabError naming `what` when `deadlineMs` has passed. */
export async function waitUntil(what: string, deadlineMs: number, test: () => boolean | Promise<boolean>, next: string): Promise<void> {
  const end = performance.now() + deadlineMs;
  while (!(await test())) {
    if (performance.now() > end) throw new LabError(`${what} did not happen within ${deadlineMs / 1000} s`, next);
    await sleep(50);
  }
}
