import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Checkers of servers lie where only root's PATH may look. */
const FURTHER = ['/usr/sbin', '/sbin', '/usr/local/sbin', '/usr/bin'];

/** What a program said and how it ended; 127 when it could not be started. */
export interface Ended { code: number; output: string }

/** Where a program is; null when it is not installed. */
export function programPath(name: string): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(':').filter((folder) => folder !== ''), ...FURTHER];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null;
}

/** Runs a program for as long as it may take, a minute at most. */
export function runProgram(path: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(path, args, { timeout: 60_000, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 127;
      resolve({ code, output: `${stdout}${stderr}`.trim() });
    });
  });
}

/** Whether services of this machine are run by systemd. */
export const hasSystemd = (): boolean => existsSync('/run/systemd/system');
