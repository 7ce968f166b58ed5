import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import type { Config } from '../config.ts';
import { listenPrivately } from '../private-socket.ts';
import type { PartStatus } from './part.ts';

/** What the supervisor may be asked about one part. */
export const PART_ACTIONS = ['start', 'stop', 'restart'] as const;
export type PartAction = (typeof PART_ACTIONS)[number];

/** A question to the supervisor. */
export interface PartRequest { action: PartAction; part: string }

type Answer = { part: PartStatus } | { error: { message: string; next?: string | undefined } };

/** A part may take a minute to start. */
const patienceMs = 90_000;

/** Answers on `run/supervisor.sock` what `luna service` asks: one line of JSON each way. */
export async function serveControl(config: Config, act: (request: PartRequest) => Promise<PartStatus>): Promise<{ stop(): Promise<void> }> {
  const path = controlPath(config);
  rmSync(path, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => { open.delete(socket); });
    socket.setTimeout(patienceMs, () => { socket.destroy(); });
    void readLine(socket).then((line) => answer(line, act)).then((reply) => { socket.end(`${JSON.stringify(reply)}\n`); }, () => { socket.destroy(); });
  });
  await listenPrivately(server, path);
  return {
    stop: () => new Promise((resolve) => {
      server.close(() => { resolve(); });
      // Whoever waits for a part to start hears that luna ends.
      for (const socket of open) socket.destroy();
    }),
  };
}

/** Asks the supervisor of an instance. Throws {@link LunaError}: `unavailable` when there is none, else what it said. */
export async function askSupervisor(config: Config, request: PartRequest): Promise<PartStatus> {
  const line = await new Promise<string>((resolve, reject) => {
    const socket = createConnection(controlPath(config), () => { socket.write(`${JSON.stringify(request)}\n`); });
    socket.setTimeout(patienceMs, () => { socket.destroy(new Error(`no answer in ${patienceMs / 1000} s`)); });
    socket.on('error', reject);
    readLine(socket).then(resolve, reject);
  }).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') throw new LunaError('unavailable', `luna is not running (data in ${config.dataDir}).`, 'luna up');
    if (code === 'EACCES') throw new LunaError('forbidden', `${controlPath(config)} may not be opened by this user.`, 'run it as root');
    throw new LunaError('unavailable', `The supervisor can't be asked: ${message}.`, 'luna status');
  });
  const reply = JSON.parse(line) as Answer;
  if ('error' in reply) throw new LunaError('conflict', reply.error.message, reply.error.next);
  return reply.part;
}

async function answer(line: string, act: (request: PartRequest) => Promise<PartStatus>): Promise<Answer> {
  try {
    const { action, part } = JSON.parse(line) as Partial<PartRequest>;
    if (action === undefined || !PART_ACTIONS.includes(action) || typeof part !== 'string') return { error: { message: `not understood: ${line.slice(0, 100)}` } };
    return { part: await act({ action, part }) };
  } catch (error) {
    return { error: { message: error instanceof Error ? error.message : String(error), next: error instanceof LunaError ? error.next : undefined } };
  }
}

function readLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const end = text.indexOf('\n');
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > 65_536) socket.destroy(new Error('too long'));
    });
    socket.on('close', () => { reject(new Error('the connection ended')); });
    socket.on('error', reject);
  });
}

function controlPath(config: Config): string {
  return join(config.runDir, 'supervisor.sock');
}
