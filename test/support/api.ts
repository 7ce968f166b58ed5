import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { ApiDeps } from '../../infra/api/deps.ts';
import { serveApi } from '../../infra/api/server.ts';
import { type TlsIdentity, tlsIdentity } from '../../infra/tls/identity.ts';
import { readOrMakeToken } from '../../infra/api/token.ts';
import { treePlaceMistake } from '../../infra/image/tree-place.ts';
import { imageTrees } from '../../infra/image/trees.ts';
import { bootOfNode } from '../../infra/store/boots.ts';
import type { Log } from '../../infra/log.ts';
import type { Store } from '../../infra/store/connect.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { apiDocuments } from '../../workers/api-documents.ts';
import { renderScript } from '../../workers/api-scripts.ts';
import { type CallApi, callApiAt } from './call-api.ts';
import { startDocuments } from './documents.ts';
import { fakeLifecycle } from './fake-lifecycle.ts';
import { silentLog } from './silent-log.ts';
import { noSwarms } from './no-swarms.ts';
import { silentMetrics } from './silent-meter.ts';
import { siteStore } from './site-store.ts';

/** A served API: `call` is root by the socket, `callAs` shows a token (or what else stands in `Authorization`) by TCP. */
export interface TestApi {
  call: CallApi;
  callAs(authorization?: string): CallApi;
  lifecycle: ReturnType<typeof fakeLifecycle>;
  /** Stands where LUNA_DATA of an instance stands: `run/api.sock`, `token`, `api.key`, `api.crt`. */
  folder: string;
  port: number;
  tls: TlsIdentity;
  socketPath: string;
  tokenFile: string;
  stop(): Promise<void>;
}

/** The API on a store, with a lifecycle that only writes down; every directory exists but `/missing`. */
export async function startApi(store: Store, log: Log = silentLog, metrics: ApiDeps['metrics'] = silentMetrics): Promise<TestApi> {
  const folder = mkdtempSync(join(tmpdir(), 'luna-api-'));
  const [socketPath, tokenFile] = [join(folder, 'run/api.sock'), join(folder, 'token')];
  const watch = await watchSite(store, log);
  const lifecycle = fakeLifecycle();
  const tls = tlsIdentity({ keyFile: join(folder, 'api.key'), certFile: join(folder, 'api.crt'), made: true }, '127.0.0.1');
  const server = await serveApi({
    documents: apiDocuments(store, watch),
    lifecycle,
    renderScript: (site, name, kind) => renderScript(site, name, kind, (nodeId) => bootOfNode(store, nodeId)),
    isDirectory: (path) => Promise.resolve(path !== '/missing'),
    treeMistake: (path) => treePlaceMistake(path, { data: folder, cache: join(folder, 'cache'), files: [] }),
    tls,
    trees: imageTrees,
    switchMacs: () => Promise.resolve([{ switchId: 'gone', port: 7, portName: null, mac: '52:54:00:00:00:77' }]),
    metrics,
    swarms: noSwarms,
    log,
  }, { socketPath, host: '127.0.0.1', port: 0, token: readOrMakeToken(tokenFile) });
  const port = Number(server.addresses[1]?.split(':').at(-1));
  return {
    call: callApiAt({ socketPath }),
    callAs: (authorization) => callApiAt({ port, ca: tls.cert }, authorization === undefined ? {} : { authorization }),
    lifecycle, folder, port, tls, socketPath, tokenFile,
    async stop() {
      await server.stop();
      await watch.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The seed's site, served to all tests of a file; `prepare` makes it ready for them. Hooks of a whole file don't wait for each other: have this one alone. */
export function servedSite({ log, prepare }: { log?: Log; prepare?: (api: TestApi) => Promise<unknown> } = {}): { api(): TestApi; store(): Store; documents(): Documents } {
  let documents: Documents | undefined;
  let store: Store | undefined;
  let api: TestApi | undefined;
  before(async () => {
    documents = await startDocuments();
    store = await siteStore(documents.uri);
    api = await startApi(store, log);
    await prepare?.(api);
  });
  after(async () => {
    await api?.stop();
    await store?.close();
    await documents?.stop();
  });
  const started = <T>(it: T | undefined): T => {
    if (it === undefined) throw new Error('asked for before the tests began');
    return it;
  };
  return { api: () => started(api), store: () => started(store), documents: () => started(documents) };
}
type Documents = Awaited<ReturnType<typeof startDocuments>>;
