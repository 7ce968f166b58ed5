import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, loadConfig } from '../../infra/config.ts';
import type { Part } from '../../infra/engine/part.ts';

/** How long an engine may take to answer on a busy machine. */
const READY_MS = 60_000;

/** An engine that runs for a test, on free ports with an empty instance of its own. `crash` kills it (SIGKILL) and starts it again on what it left. */
export interface TestEngine { config: Config; crash(): Promise<void>; stop(): Promise<void> }

/** Starts one of the engines that luna embeds. A free port may be taken before the engine binds it, hence the second try. */
export async function startEngine(partOf: (config: Config) => Part): Promise<TestEngine> {
  return tryEngine(partOf).catch(() => tryEngine(partOf));
}

async function tryEngine(partOf: (config: Config) => Part): Promise<TestEngine> {
  const dataDir = mkdtempSync(join(tmpdir(), 'luna-engine-'));
  mkdirSync(join(dataDir, 'run'), { mode: 0o700 });
  const ports = { LUNA_MONGODB_PORT: await freePort(), LUNA_TEMPORAL_PORT: await freePort(), LUNA_TEMPORAL_UI_PORT: await freePort() };
  const env = Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)]));
  const config = loadConfig({ PATH: process.env.PATH, LUNA_CACHE: process.env.LUNA_CACHE, LUNA_DATA: dataDir, LUNA_CONF: '/dev/null', ...env });
  const part = partOf(config);
  let child = await serve(part).catch((error: unknown) => {
    rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    config,
    async crash() {
      await end(child, 'SIGKILL');
      child = await serve(part);
    },
    async stop() {
      await end(child, 'SIGTERM');
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Starts it and waits until it answers. */
async function serve({ launch, check }: Part): Promise<ChildProcess> {
  if (!launch || !check) throw new Error('the engine is somebody else’s');
  const child = spawn(launch.command, launch.args, { env: { ...process.env, ...launch.env }, stdio: 'ignore' });
  const deadline = AbortSignal.timeout(READY_MS);
  for (;;) {
    const error: unknown = await check(deadline).then(() => undefined, (reason: unknown) => reason);
    if (error === undefined) return child;
    if (deadline.aborted || child.exitCode !== null) {
      await end(child, 'SIGTERM');
      throw new Error(`${launch.command} did not serve within ${READY_MS / 1000} s`, { cause: error });
    }
    await sleep(200);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.kill(signal)) await once(child, 'exit');
}

/** A TCP port of loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
