import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { LanHost } from './lan.ts';

/** A program that goes on while a test does other things. */
export interface Begun {
  readonly child: ChildProcess;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Starts a program on a machine of a Lan. `ip netns exec` becomes the program, so that signals reach it. */
export function beginOn(host: LanHost, program: string, ...args: string[]): Begun {
  const child = spawn('ip', ['netns', 'exec', host.namespace, program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  return { child, ended: once(child, 'exit').then(([code]) => code as number | null) };
}
