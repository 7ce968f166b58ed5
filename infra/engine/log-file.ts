import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from 'node:fs';

/** A log longer than this is moved to `.1`, replacing the one before. */
const longestLog = 64 * 1024 * 1024;

/** Moves a long log aside. Its writers append, so they go on in the emptied file; lines written in between are lost. */
export function rotateLog(path: string): void {
  if (sizeOf(path) < longestLog) return;
  copyFileSync(path, `${path}.1`);
  truncateSync(path, 0);
}

/** Of a crash of node: where in the code, and which node. People who start luna want the message above it. */
const stackLine = /^\s+at .*:\d+|^Node\.js v/;

/** The last telling lines written after byte `from`, of at most 16 KiB; what a failed start leaves to read. */
export function logTail(path: string, from: number, lines: number): string[] {
  const size = sizeOf(path);
  const start = Math.max(from > size ? 0 : from, size - 16 * 1024);
  if (size <= start) return [];
  const buffer = Buffer.alloc(size - start);
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, buffer.length, start);
  } finally {
    closeSync(file);
  }
  return buffer.toString('utf8').split('\n').filter((line) => line.trim() !== '' && !stackLine.test(line)).slice(-lines);
}

/** A file's length in bytes; 0 when there is none. */
export function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
