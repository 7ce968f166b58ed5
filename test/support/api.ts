import { rmSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveApi } from '../../infra/api/server.ts';
import { readOrMakeToken } from '../../infra/api/token.ts';
import { bootOfNode } from '../../infra/store/boots.ts';
import type { Store } from '../../infra/store/connect.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { apiDocuments } from '../../workers/api-documents.ts';
import { renderScript } from '../../workers/api-scripts.ts';
import { type CallApi, callApiAt } from './call-api.ts';
import { fakeLifecycle } from './fake-lifecycle.ts';
import { silentLog } from './silent-log.ts';

/** The API on a store, with a lifecycle that only writes down. `call` is root by the socket; every directory exists but `/missing`. */
export async function startApi(store: Store): Promise<{
  call: CallApi; lifecycle: ReturnType<typeof fakeLifecycle>; port: number; socketPath: string; tokenFile: string; stop(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'luna-api-'));
  const [socketPath, tokenFile] = [join(folder, 'api.sock'), join(folder, 'token')];
  const watch = await watchSite(store, silentLog);
  const lifecycle = fakeLifecycle();
  const server = await serveApi({
    documents: apiDocuments(store, watch),
    lifecycle,
    renderScript: (site, name, kind) => renderScript(site, name, kind, (nodeId) => bootOfNode(store, nodeId)),
    isDirectory: (path) => Promise.resolve(path !== '/missing'),
    log: silentLog,
  }, { socketPath, host: '127.0.0.1', port: 0, token: readOrMakeToken(tokenFile) });
  return {
    call: callApiAt({ socketPath }),
    lifecycle,
    port: Number(server.addresses[1]?.split(':').at(-1)),
    socketPath,
    tokenFile,
    async stop() {
      await server.stop();
      await watch.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
