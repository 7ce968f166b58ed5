import { readdirSync, readFileSync } from 'node:fs';

/** A running program: its process id, and its arguments as the kernel keeps them. */
export interface Program { pid: number; argv: string }

/** The programs that a process has started and that have not ended, and those they have started. */
export function programsOf(parent: number): Program[] {
  const own = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && new RegExp(`^PPid:\\s*${parent}$`, 'm').test(said(pid, 'status')));
  return own.flatMap((pid) => [{ pid: Number(pid), argv: said(pid, 'cmdline') }, ...programsOf(Number(pid))]);
}

/** What /proc says of a process; nothing when it is gone. */
export function said(pid: string, file: 'cmdline' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
