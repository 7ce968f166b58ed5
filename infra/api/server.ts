import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type ListenOptions } from 'node:net';
import { dirname } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { createApi } from './app.ts';
import type { ApiDeps } from './deps.ts';

/** Where to listen. A `port` of 0 is any free one. */
export interface ApiListen { socketPath: string; host: string; port: number; token: string }

/** How long calls may go on after a stop was asked for. */
const GRACE_MS = 5000;

/** Serves the API on a unix socket for root and on TCP for holders of the token, until stopped. */
export async function serveApi(deps: ApiDeps, { socketPath, host, port, token }: ApiListen): Promise<{ addresses: string[]; stop(): Promise<void> }> {
  await freeSocket(socketPath);
  const bySocket = await listen(createApi(deps, { by: 'root' }), { path: socketPath });
  chmodSync(socketPath, 0o600);
  const byTcp = await listen(createApi(deps, { by: 'token', token }), { host, port }).catch(async (error: unknown) => {
    await close(bySocket);
    throw error;
  });
  const bound = byTcp.address();
  const tcp = typeof bound === 'object' && bound ? `tcp://${host}:${bound.port}` : `tcp://${host}:${port}`;
  return {
    addresses: [`unix:${socketPath}`, tcp],
    async stop() {
      await Promise.all([close(bySocket), close(byTcp)]);
    },
  };
}

function listen(app: RequestListener, where: ListenOptions): Promise<Server> {
  const server = createServer(app);
  // The socket is made with nobody else's permissions, so that there is no moment in which others could open it.
  const before = process.umask(0o177);
  try {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(where, () => { resolve(server); });
    });
  } finally {
    process.umask(before);
  }
}

/** Removes the socket a killed process left; throws LunaError `conflict` when somebody answers there. */
async function freeSocket(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const answered = await new Promise<boolean>((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => { probe.destroy(); resolve(true); });
    probe.once('error', () => { resolve(false); });
  });
  if (answered) throw new LunaError('conflict', `another API answers at ${path}`, 'luna down');
  rmSync(path, { force: true });
}

async function close(server: Server): Promise<void> {
  const grace = setTimeout(() => { server.closeAllConnections(); }, GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => { resolve(); });
    server.closeIdleConnections();
  });
  clearTimeout(grace);
}
