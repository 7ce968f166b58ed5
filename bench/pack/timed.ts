import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { childrensCpuSeconds, cpuSeconds } from '../support/cpu.ts';

/** Seconds by the clock, and of the processors. */
export interface Took { seconds: number; cpu: number }

/** How long something takes, with all that this process and its children do meanwhile. */
export async function timed(work: () => Promise<unknown>): Promise<Took> {
  const [began, own, children] = [performance.now(), cpuSeconds(process.pid), childrensCpuSeconds()];
  await work();
  return { seconds: (performance.now() - began) / 1000, cpu: cpuSeconds(process.pid) - own + childrensCpuSeconds() - children };
}

/** Runs a line of shell; `args` are $1 and so on. Throws when it fails. */
export async function shell(line: string, ...args: string[]): Promise<void> {
  const child = spawn('sh', ['-c', line, 'bench', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`exited ${code ?? 'by a signal'}: ${line}`);
}

/** Resolves when a condition holds; looked at often enough for a measurement in seconds. Throws after `seconds`. */
export async function untilTrue(condition: () => boolean, seconds: number, what: string): Promise<void> {
  const until = performance.now() + seconds * 1000;
  while (!condition()) {
    if (performance.now() > until) throw new Error(`${what} did not come within ${seconds} s`);
    await sleep(10);
  }
}
