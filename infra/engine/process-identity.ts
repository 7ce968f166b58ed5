import { readFileSync } from 'node:fs';

/** A process that can't be mistaken for a later one with the same pid: `born` is the boot's id and the start time in clock ticks. */
export interface ProcessIdentity { pid: number; born: string }

/** Identifies a living process; undefined when there is none or it is a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces and brackets itself: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { pid, born: `${boot}/${String(fields[19])}` };
  } catch {
    return undefined;
  }
}

/** True while exactly this process lives. */
export function isAlive(process: ProcessIdentity): boolean {
  return identify(process.pid)?.born === process.born;
}

/** Waits until the process is gone; false when it still lives after `deadlineMs`. */
export async function waitGone(process: ProcessIdentity, deadlineMs: number): Promise<boolean> {
  const end = Date.now() + deadlineMs;
  while (isAlive(process)) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
  return true;
}

/** Signals a process, or with `group` the whole group it leads. One that is gone already is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals, group = false): void {
  try {
    process.kill(group ? -pid : pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
