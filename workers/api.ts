import { stat } from 'node:fs/promises';
import { serveApi } from '../infra/api/server.ts';
import { readOrMakeToken } from '../infra/api/token.ts';
import { temporalClient } from '../infra/lifecycle/temporal.ts';
import { bootOfNode } from '../infra/store/boots.ts';
import { openStore } from '../infra/store/connect.ts';
import { reapClaims } from '../infra/store/reap-claims.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { apiDocuments } from './api-documents.ts';
import { createApiLifecycle } from './api-lifecycle.ts';
import { renderScript } from './api-scripts.ts';
import { every, runProcess } from './run.ts';

/** How often claims without an owner are looked for. */
const REAP_MS = 600_000;

await runProcess('api', async ({ config, log, signal }) => {
  const token = readOrMakeToken(config.tokenFile);
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database });
  const watch = await watchSite(store, log);
  const temporal = temporalClient(config.temporal);
  const server = await serveApi({
    documents: apiDocuments(store, watch),
    lifecycle: createApiLifecycle({ watch, client: temporal.client, temporal: config.temporal }),
    renderScript: (site, nodeName, kind) => renderScript(site, nodeName, kind, (nodeId) => bootOfNode(store, nodeId)),
    isDirectory: async (path) => (await stat(path).catch(() => null))?.isDirectory() === true,
    log,
  }, { socketPath: config.apiSocket, ...config.api, token });

  void every(REAP_MS, signal, log, 'claims.reap', async () => {
    const freed = await reapClaims(store, 'reaper');
    if (freed > 0) log.info('claims.reaped', { freed });
  });

  return {
    addresses: server.addresses,
    async stop() {
      await server.stop();
      await watch.stop();
      await temporal.close();
      await store.close();
    },
  };
});
