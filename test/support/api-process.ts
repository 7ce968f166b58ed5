import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeRoot, ownExtension, projectRoot } from '../../infra/root.ts';
import { freePort } from './engine.ts';

/** How long it may take to be ready on a busy machine. */
const READY_MS = 60_000;

/** The API in a process of its own, as `luna up` runs it. */
export interface ApiProcess {
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on what it left. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the API of the instance in `dataDir` on documents that are there; nothing answers where it looks for Temporal. */
export async function startApiProcess(dataDir: string, mongoUri: string): Promise<ApiProcess> {
  const readyFile = join(dataDir, 'run', 'api.ready');
  const [port, nowhere] = [await freePort(), await freePort()];
  const env = {
    PATH: process.env.PATH, LUNA_DATA: dataDir, LUNA_CONF: '/dev/null', LUNA_MONGODB_URI: mongoUri, LUNA_API_ADDRESS: `127.0.0.1:${port}`, LUNA_TEMPORAL_ADDRESS: `127.0.0.1:${nowhere}`,
    // As luna's supervisor has it; else each start strips the types of all sources again.
    NODE_COMPILE_CACHE: join(process.env.LUNA_CACHE ?? join(projectRoot, '.cache'), 'compile'),
  };
  let child: ChildProcess;

  async function start(): Promise<void> {
    rmSync(readyFile, { force: true });
    const started = spawn(process.execPath, [join(codeRoot, 'workers', `api${ownExtension}`)], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child = started;
    const deadline = Date.now() + READY_MS;
    while (!existsSync(readyFile)) {
      if (started.exitCode !== null || Date.now() > deadline) throw new Error(`the API did not start (exit code ${started.exitCode ?? 'none'})`);
      await sleep(50);
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await once(child, 'exit');
  }

  await start();
  return { start, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
