import type { DhcpObservation } from '../infra/boot/dhcp/deps.ts';
import { startDhcp } from '../infra/boot/dhcp/server.ts';
import { createBootHttp } from '../infra/boot/http/app.ts';
import { startBootHttp } from '../infra/boot/http/server.ts';
import { startRouterAdvertisements } from '../infra/boot/ra/server.ts';
import { ipxeDirectory, ipxeNames, mappedFiles } from '../infra/boot/tftp/files.ts';
import { startTftp } from '../infra/boot/tftp/server.ts';
import { createRuns } from '../infra/lifecycle/runs.ts';
import { temporalClient } from '../infra/lifecycle/temporal.ts';
import { openBoots } from '../infra/store/boots.ts';
import { openStore } from '../infra/store/connect.ts';
import { appendLeases, compactLeases, loadLeases } from '../infra/store/leases.ts';
import { watchOrders } from '../infra/store/orders.ts';
import { forgetSightings } from '../infra/store/sightings.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { addressBook } from './boot-addresses.ts';
import { bootHttpDeps } from './boot-http.ts';
import { provisioningInterfaces } from './boot-interfaces.ts';
import { bootMachines } from './boot-machines.ts';
import { deliverFromStore } from './deliver-from-store.ts';
import { createReporter } from './boot-reporter.ts';
import { createWorkBell } from './boot-work.ts';
import { every, runProcess } from './run.ts';

/** How often devices and boot paths are looked at again. */
const RECONCILE_MS = 5000;
/** How often what is over is cleared away: leases that a newer one replaced, machines not seen for a month. */
const TIDY_MS = 3600_000;
const MONTH_MS = 30 * 24 * 3600_000;

await runProcess('boot', async ({ config, log, signal }) => {
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database });
  const watch = await watchSite(store, log);
  const temporal = temporalClient(config.temporal);
  const delivery = deliverFromStore(store, temporal.client, log);
  const reporter = createReporter(store, delivery, log);
  const bell = createWorkBell((onOrder, onBroken) => watchOrders(store, onOrder, onBroken), log);
  const machines = bootMachines({ store, watch, reporter, log });

  let onAlternatePath = new Set<string>();
  const addresses = () => addressBook(watch.current(), (nodeId) => onAlternatePath.has(nodeId));
  let book = addresses();
  const interfaces = () => provisioningInterfaces(watch.current());

  const http = await startBootHttp({
    app: createBootHttp(bootHttpDeps({ config, store, watch, reporter, bell, machines, runs: createRuns(temporal.client), log })),
    port: config.httpPort,
    isServed: (local) => local === '127.0.0.1' || interfaces().some((i) => i.address === local),
    log,
  });
  const dhcp = await startDhcp({
    interfaces,
    lookup: (mac, networkId) => book.lookup(mac, networkId),
    async resolveUnknown(mac, networkId, deadlineMs) {
      await machines.whoIs(mac, deadlineMs);
      return book.lookup(mac, networkId);
    },
    isTaken: (networkId, ip) => book.isTaken(networkId, ip),
    loadLeases: () => loadLeases(store),
    appendLeases: (leases) => appendLeases(store, leases),
    bootUrl: (mac, serverIp, port) => `http://${serverIp}:${port}/luna?step=boot&mac=${mac}`,
    observed: (event: DhcpObservation) => { machines.observed(event); },
    log,
    httpPort: config.httpPort,
    port: config.dhcpPort,
  });
  const tftp = await startTftp({ interfaces, files: mappedFiles({ directories: [ipxeDirectory], names: ipxeNames }), log, port: config.tftpPort });
  const ra = await startRouterAdvertisements({ interfaces, log });

  const reconcile = async (): Promise<void> => {
    onAlternatePath = new Set((await openBoots(store)).filter((b) => b.path > 0).map((b) => b.nodeId));
    book = addresses();
    await Promise.all([dhcp.reconcile(), tftp.reconcile(), ra.reconcile()]);
  };
  watch.onChange(() => {
    book = addresses();
    reconcile().catch((error: unknown) => { log.warn('boot.reconcile_failed', { error }); });
  });
  const again = every(RECONCILE_MS, signal, log, 'boot.reconcile_failed', reconcile);
  const tidy = every(TIDY_MS, signal, log, 'boot.tidy_failed', async () => {
    await compactLeases(store, new Date().toISOString());
    await forgetSightings(store, new Date(Date.now() - MONTH_MS).toISOString());
  });

  return {
    addresses: [`http://0.0.0.0:${config.httpPort}`, ...dhcp.addresses, ...tftp.addresses, ...ra.addresses],
    async stop() {
      await Promise.all([again, tidy]);
      await Promise.allSettled([http.stop(), dhcp.stop(), tftp.stop(), ra.stop(), bell.stop()]);
      await reporter.stop();
      await watch.stop();
      await temporal.close();
      await store.close();
    },
  };
});
