import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type ListenOptions } from 'node:net';
import { dirname } from 'node:path';
import { LunaError } from '../../domain/errors.ts';
import { createApi } from './app.ts';
import { createAuditor } from './auditor.ts';
import type { ApiDeps } from './deps.ts';

/** Where to listen. A `port` of 0 is any free one. */
export interface ApiListen { socketPath: string; host: string; port: number; token: string }

type Server = ReturnType<typeof createServer>;

/** How long calls may go on after a stop was asked for. */
const GRACE_MS = 5000;

/** Serves the API on a unix socket for root, and by TLS on TCP for holders of a token, until stopped. */
export async function serveApi(deps: ApiDeps, { socketPath, host, port, token }: ApiListen): Promise<{ addresses: string[]; stop(): Promise<void> }> {
  await freeSocket(socketPath);
  const stopping = new AbortController();
  const shared = { auditor: createAuditor(deps.documents.audit.add, deps.log), stopping: stopping.signal };
  const bySocket = await listen(createServer(createApi(deps, { by: 'root' }, shared)), { path: socketPath });
  chmodSync(socketPath, 0o600);
  const byTcp = await listen(createTlsServer({ key: deps.tls.key, cert: deps.tls.cert }, createApi(deps, { by: 'token', token }, shared)), { host, port }).catch(async (error: unknown) => {
    await close(bySocket);
    throw error;
  });
  const bound = byTcp.address();
  const shown = host.includes(':') ? `[${host}]` : host;
  const tcp = `https://${shown}:${typeof bound === 'object' && bound ? bound.port : port}`;
  return {
    addresses: [`unix:${socketPath}`, tcp],
    async stop() {
      stopping.abort();
      await Promise.all([close(bySocket), close(byTcp)]);
      await shared.auditor.settle();
    },
  };
}

function listen<S extends Server>(server: S, where: ListenOptions): Promise<S> {
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
