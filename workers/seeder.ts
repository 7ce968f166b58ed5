import { frontendUrl } from '../domain/node-network.ts';
import type { Boot } from '../domain/provision.ts';
import type { Site } from '../domain/site.ts';
import { admittedAddresses, seededArtefacts } from '../infra/boot/torrent/admission.ts';
import { type Seed, startSeeder } from '../infra/boot/torrent/seeder.ts';
import { openBoots } from '../infra/store/boots.ts';
import { openStore } from '../infra/store/connect.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { every, runProcess } from './run.ts';

/** How often open boots are looked up: who may connect, and what is still in use. */
const LOOK_MS = 1000;

await runProcess('seeder', async ({ config, log, signal }) => {
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database });
  const watch = await watchSite(store, log);
  let admitted: ReadonlySet<string> = new Set();
  const seeder = await startSeeder({ port: config.seederPort, directory: config.torrentsDir, isAdmitted: (address) => admitted.has(address), log });

  const look = async (): Promise<void> => {
    const boots = await openBoots(store);
    admitted = admittedAddresses(watch.current(), boots);
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
  return seededArtefacts(site, boots).map(({ tree, torrent }) => ({ infoHash: tree.infoHash, file: tree.file, torrentFile: torrent, announce }));
}
