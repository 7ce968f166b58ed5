import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import type { ReadStream, WriteStream } from 'node:tty';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineFiles } from './files.ts';
import { LabError } from './lab-error.ts';
import { machineNamed } from './machine.ts';
import { requireLabState } from './state.ts';

/** Ctrl-], as in telnet and `virsh console`. */
const leaveByte = 0x1d;
const followEveryMs = 200;

/** All that the machine's serial console has said. @throws LabError when there is no such machine. */
export function readSerialLog(dir: string, name: string): Buffer {
  return readFileSync(serialLog(dir, name));
}

/** What the console has said and goes on saying, until `signal`. */
export async function* followSerialLog(dir: string, name: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  const fd = openSync(serialLog(dir, name), 'r');
  try {
    for (let position = 0; !signal.aborted;) {
      const bytes = Buffer.alloc(Math.min(1 << 16, Math.max(0, fstatSync(fd).size - position)));
      if (bytes.length === 0) {
        await sleep(followEveryMs, undefined, { signal }).catch(() => undefined);
        continue;
      }
      const count = readSync(fd, bytes, 0, bytes.length, position);
      position += count;
      yield bytes.subarray(0, count);
    }
  } finally {
    closeSync(fd);
  }
}

/** Joins a terminal to the console until Ctrl-] or the lab ends. @throws LabError when the console can't be reached. */
export async function attachConsole(dir: string, name: string, input: ReadStream, output: WriteStream): Promise<void> {
  const { consoleSocket } = files(dir, name);
  const socket = connect(consoleSocket);
  const { promise: opened, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('connect', () => { resolve(undefined); });
  socket.once('error', (error) => reject(new LabError(`the console of ${name} is not reachable: ${error.message}`, `luna lab status --dir ${dir}`)));
  await opened;
  output.write(`Console of ${name}; Ctrl-] leaves.\r\n`);
  const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
  socket.on('data', (bytes) => output.write(bytes));
  socket.on('error', () => { leave(undefined); });
  socket.on('close', () => { leave(undefined); });
  const typed = (bytes: Buffer): void => {
    const end = bytes.indexOf(leaveByte);
    socket.write(end < 0 ? bytes : bytes.subarray(0, end));
    if (end >= 0) leave(undefined);
  };
  input.setRawMode(true);
  input.on('data', typed);
  try {
    await left;
  } finally {
    input.off('data', typed);
    input.setRawMode(false);
    input.pause();
    socket.destroy();
    output.write('\r\nLeft the console.\r\n');
  }
}

function serialLog(dir: string, name: string): string {
  return files(dir, name).serialLog;
}

function files(dir: string, name: string): ReturnType<typeof machineFiles> {
  const { plan } = requireLabState(path.resolve(dir));
  return machineFiles(plan.dir, machineNamed(plan, name).name);
}
