import { frontendUrl } from '../domain/node-network.ts';
import type { Boot } from '../domain/provision.ts';
import type { Site } from '../domain/site.ts';
import { loadingMachines, seededArtefacts } from '../infra/boot/torrent/admission.ts';
import { type Seed, startSeeder } from '../infra/boot/torrent/seeder.ts';
import { seederMetrics } from '../infra/metrics/swarm-metrics.ts';
import { openBoots } from '../infra/store/boots.ts';
import { openStore } from '../infra/store/connect.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { every, runProcess } from './run.ts';

/** How often open boots are looked up: who may connect, and what is still in use. */
const LOOK_MS = 1000;

await runProcess('seeder', async ({ config, log, metrics, signal }) => {
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database });
  const watch = await watchSite(store, log);
  let admitted: ReadonlyMap<string, Boot> = new Map();
  const seeder = await startSeeder({ port: config.seederPort, directory: config.torrentsDir, isAdmitted: (address) => admitted.has(address), log });

  seederMetrics(metrics.registry, () => seeder.sent());

  const look = async (): Promise<void> => {
    const boots = await openBoots(store);
    admitted = loadingMachines(watch.current(), boots);
    await seeder.seed(seedsOf(watch.current(), boots));
  };
  await look();
  const again = every(LOOK_MS, signal, log, 'seeder.look_failed', look);

  return {
    addresses: [`tcp://0.0.0.0:${seeder.port}`],
    async stop() {
      await again;
      await seeder.stop();
      await watch.stop();
      await store.close();
    },
  };
});

/** Nothing is seeded before the controller has an address that nodes can be told. */
function seedsOf(site: Site, boots: readonly Boot[]): Seed[] {
  if (!site.cluster?.frontend_address) return [];
  const announce = `${frontendUrl(site)}/announce`;
  return seededArtefacts(site, boots).flatMap(({ osimageName: osimage, tree, torrent, rest }) => [
    { infoHash: tree.infoHash, file: tree.file, size: tree.size, torrentFile: torrent, osimage, announce },
    ...(rest ? [{ infoHash: rest.infoHash, file: rest.file, size: rest.size, torrentFile: rest.torrent, osimage, announce }] : []),
  ]);
}
