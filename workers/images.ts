import { NativeConnection, Worker } from '@temporalio/worker';
import { createImageActivities } from '../activities/index.ts';
import { openImageKey } from '../infra/image/image-key.ts';
import { clearUnfinishedPacks, packImage } from '../infra/image/pack.ts';
import { buildPeer } from '../infra/image/peer-build.ts';
import { withTreeLock } from '../infra/image/tree-lock.ts';
import { publishArtefact } from '../infra/store/artefacts.ts';
import { openStore } from '../infra/store/connect.ts';
import { loadSite } from '../infra/store/site.ts';
import { runProcess } from './run.ts';
import { tidyImages } from './tidy-images.ts';
import { workflowCode } from './workflow-code.ts';

await runProcess('images', async ({ config, log, signal }) => {
  const dirs = { images: config.imagesDir, torrents: config.torrentsDir, boot: config.bootDir, cache: config.cacheDir };
  await clearUnfinishedPacks(dirs);
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database });
  const connection = await NativeConnection.connect({ address: config.temporal.address });
  const key = openImageKey(config.imageKey);
  const tidy = tidyImages({ store, dirs, log, signal });
  const activities = createImageActivities({
    osimage: async (id) => (await loadSite(store)).osimages.get(id) ?? null,
    async pack(osimage, options) {
      log.info('pack.started', { osimage: osimage.name, path: osimage.path });
      const peer = await buildPeer({ cacheDir: config.cacheDir, searchPath: config.searchPath, signal: options.signal });
      const lock = { name: osimage.name, runDir: config.runDir, shared: true };
      const artefact = await withTreeLock(lock, () => packImage({ osimage: { ...osimage, id: osimage._id }, dirs, key, peer, ...options }));
      log.info('pack.made', { osimage: osimage.name, artefact: artefact._id, bytes: artefact.tree.size });
      return artefact;
    },
    publish: (artefact) => publishArtefact(store, artefact, 'images'),
  });
  const worker = await Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: 'images',
    ...workflowCode(),
    activities: { packOsimage: (input: Parameters<typeof activities.packOsimage>[0]) => tidy.around(() => activities.packOsimage(input)) },
    // A second image need not wait for hours behind a large one; more at once only make each other slower.
    maxConcurrentActivityTaskExecutions: 2,
    // A pack's heartbeats are what people watch.
    maxHeartbeatThrottleInterval: '1 second',
    defaultHeartbeatThrottleInterval: '1 second',
    shutdownGraceTime: '5 seconds',
  });
  const running = worker.run();
  return {
    addresses: [`temporal://${config.temporal.address}/${config.temporal.namespace}/images`],
    async stop() {
      worker.shutdown();
      await Promise.allSettled([running, tidy.stop()]);
      await connection.close();
      await store.close();
    },
  };
});
