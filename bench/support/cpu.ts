import { readFileSync } from 'node:fs';

/** Linux counts CPU time for user space in hundredths of a second, whatever the kernel was built with. */
const ticksPerSecond = 100;

/** CPU seconds, user and system, that a process has used so far; of its children none. */
export function cpuSeconds(pid: number): number {
  return ticksOf(pid, 14) / ticksPerSecond;
}

/** CPU seconds of the children of this process that have ended, and of theirs. */
export function childrensCpuSeconds(): number {
  return ticksOf(process.pid, 16) / ticksPerSecond;
}

/** Two neighbouring fields of proc(5)'s stat, user and system time, counted from 1. */
function ticksOf(pid: number, field: 14 | 16): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold spaces: what follows it begins with the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[field - 3]) + Number(fields[field - 2]);
}

/** CPU seconds of a process and of its children that have ended, and of theirs. */
export function cpuSecondsOfTree(pid: number): number {
  return (ticksOf(pid, 14) + ticksOf(pid, 16)) / ticksPerSecond;
}
