import { stat } from 'node:fs/promises';
import type { Config } from '../infra/config.ts';
import { serveApi } from '../infra/api/server.ts';
import { tlsIdentity } from '../infra/tls/identity.ts';
import { readOrMakeToken } from '../infra/api/token.ts';
import { type OwnPlaces, treePlaceMistake } from '../infra/image/tree-place.ts';
import { imageTrees } from '../infra/image/trees.ts';
import { temporalClient } from '../infra/lifecycle/temporal.ts';
import { projectRoot } from '../infra/root.ts';
import { bootOfNode } from '../infra/store/boots.ts';
import { trimAudit } from '../infra/store/audit.ts';
import { openStore } from '../infra/store/connect.ts';
import { dropUndecided, finishPlan } from '../infra/store/plans.ts';
import { reapClaims } from '../infra/store/reap-claims.ts';
import { openSecretBox } from '../infra/store/secrets-key.ts';
import { sealSecrets } from '../infra/store/secrets.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { apiDocuments } from './api-documents.ts';
import { createApiLifecycle } from './api-lifecycle.ts';
import { apiMetrics } from './api-metrics.ts';
import { renderScript } from './api-scripts.ts';
import { switchMacs } from './api-switch-macs.ts';
import { askSwarms } from './ask-swarms.ts';
import { every, runProcess } from './run.ts';

/** How often claims without an owner are looked for. */
const REAP_MS = 600_000;
const MONTH_MS = 30 * 24 * 3_600_000;
/** How soon a large change is finished after the database was away, or whoever began it. */
const FINISH_MS = 2000;

await runProcess('api', async ({ config, log, metrics, signal }) => {
  const token = readOrMakeToken(config.tokenFile);
  const tls = tlsIdentity(config.apiTls, config.api.host);
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database, secrets: openSecretBox(config.secretsKey) });
  if (await finishPlan(store)) log.info('plan.finished');
  const { sealed, lost } = await sealSecrets(store);
  if (sealed > 0) log.info('secrets.sealed', { sealed });
  if (Date.parse(tls.expires) < Date.now() + MONTH_MS) log.warn('api.certificate_ends', { expires: tls.expires });
  if (lost.length > 0) log.error('secrets.lost', { lost, key: config.secretsKey.file, next: 'bring back the key file, or set these secrets again' });
  const watch = await watchSite(store, log);
  const temporal = temporalClient(config.temporal);
  const documents = apiDocuments(store, watch);
  const server = await serveApi({
    documents,
    lifecycle: createApiLifecycle({ watch, client: temporal.client, temporal: config.temporal }),
    renderScript: (site, nodeName, kind) => renderScript(site, nodeName, kind, (nodeId) => bootOfNode(store, nodeId)),
    tls,
    isDirectory: async (path) => (await stat(path).catch(() => null))?.isDirectory() === true,
    treeMistake: (path) => treePlaceMistake(path, ownPlaces(config)),
    trees: imageTrees,
    switchMacs: (site) => switchMacs(store, log, site),
    swarms: askSwarms(config.runDir),
    metrics: apiMetrics({ config, metrics, documents }),
    log,
  }, { socketPath: config.apiSocket, ...config.api, token });

  void every(REAP_MS, signal, log, 'claims.reap', async () => {
    const freed = await reapClaims(store, 'reaper');
    if (freed > 0) log.info('claims.reaped', { freed });
    await dropUndecided(store);
  });
  void every(FINISH_MS, signal, log, 'plan.finish', async () => {
    // Behind this process's own changes: what these are about to finish is theirs.
    if (await store.queues.objects(() => finishPlan(store))) log.info('plan.finished');
  });
  void every(REAP_MS, signal, log, 'audit.trim', async () => { await trimAudit(store); });

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

/** No tree may hold these, nor lie in the instance's directory. */
function ownPlaces({ dataDir, cacheDir, secretsKey, imageKey, apiTls, https }: Config): OwnPlaces {
  return { data: dataDir, cache: cacheDir, files: [projectRoot, secretsKey.file, imageKey.file, apiTls.keyFile, ...(https ? [https.keyFile] : [])] };
}
