import { join } from 'node:path';
import type { Mac } from '../domain/mac.ts';
import { createBootPaths } from '../infra/boot/dhcp/boot-paths.ts';
import { openLeaseFile } from '../infra/boot/dhcp/lease-file.ts';
import { startDhcp } from '../infra/boot/dhcp/server.ts';
import { createBootHttp } from '../infra/boot/http/app.ts';
import { boundConnections } from '../infra/boot/http/connections.ts';
import { startRouterAdvertisements } from '../infra/boot/ra/server.ts';
import { startTftp } from '../infra/boot/tftp/server.ts';
import { createRuns } from '../infra/lifecycle/runs.ts';
import { temporalClient } from '../infra/lifecycle/temporal.ts';
import { openBoots } from '../infra/store/boots.ts';
import { openStore } from '../infra/store/connect.ts';
import { appendLeases, compactLeases, loadLeases } from '../infra/store/leases.ts';
import { watchOrders } from '../infra/store/orders.ts';
import { openSecretBox } from '../infra/store/secrets-key.ts';
import { forgetSightings } from '../infra/store/sightings.ts';
import { watchSite } from '../infra/store/watch-site.ts';
import { bootAdmission } from './boot-admission.ts';
import { addressBook } from './boot-addresses.ts';
import { tftpFiles } from './boot-tftp.ts';
import { bootFilesHere } from './boot-files.ts';
import { bootHttpDeps } from './boot-http.ts';
import { startHttp } from './boot-http-servers.ts';
import { startIpv6 } from './boot-dhcp6.ts';
import { provisioningInterfaces, relayedNetworks } from './boot-interfaces.ts';
import { advertisingInterfaces, interfaces6 } from './boot-ipv6.ts';
import { bootMachines } from './boot-machines.ts';
import { deliverFromStore } from './deliver-from-store.ts';
import { startRogues } from './boot-rogue.ts';
import { createReporter } from './boot-reporter.ts';
import { keepSeen } from './boot-seen.ts';
import { bootSwarms } from './boot-swarms.ts';
import { createWorkBell } from './boot-work.ts';
import { every, runProcess } from './run.ts';

/** How often devices and boot paths are looked at again. */
const RECONCILE_MS = 5000;
/** How often what is over is cleared away: leases that a newer one replaced, machines not seen for a month. */
const TIDY_MS = 3600_000;
const MONTH_MS = 30 * 24 * 3600_000;

await runProcess('boot', async ({ config, log, metrics, signal }) => {
  const store = await openStore(config.mongo.uri, { log, database: config.mongo.database, secrets: openSecretBox(config.secretsKey) });
  const watch = await watchSite(store, log);
  const temporal = temporalClient(config.temporal);
  const delivery = deliverFromStore(store, temporal.client, log);
  const reporter = createReporter(store, delivery, log);
  const bell = createWorkBell((onOrder, onBroken) => watchOrders(store, onOrder, onBroken), log);
  const machines = bootMachines({ store, watch, reporter, log });
  const recorder = keepSeen({ store, watch, metrics, log, signal, noticed: machines.noticed, glimpsed: machines.glimpsed });

  let onAlternatePath = new Set<string>();
  const addresses = () => addressBook(watch.current(), (nodeId) => onAlternatePath.has(nodeId));
  let book = addresses();
  const interfaces = () => provisioningInterfaces(watch.current(), config.dnsPort === 53);

  const meter = metrics.meter('http');
  const admission = await bootAdmission({ store, watch, log, signal });
  const swarms = await bootSwarms({ config, store, watch, admission, metrics, log, signal });
  const httpDeps = bootHttpDeps({ config, store, watch, reporter, bell, machines, admission, tracker: swarms.tracker, runs: createRuns(temporal.client), meter, seen: recorder.seen, log });
  const [paths, paths6] = [createBootPaths(), createBootPaths()];
  const bootFiles = bootFilesHere();
  const scripts = { ...httpDeps, scriptAsked: (mac: Mac) => { for (const one of [paths, paths6]) one.reached(mac, 'script'); } };
  const app = createBootHttp(scripts);
  const connections = boundConnections(meter);
  const http = await startHttp({ config, app, connections, isServed: (local) => local === '127.0.0.1' || interfaces().some((i) => i.address === local), meter, log });
  const leases = await openLeaseFile({ folder: join(config.dataDir, 'leases'), follow: (batch) => appendLeases(store, batch), log });
  const rogues = await startRogues({ store, watch, interfaces: () => (config.dhcpPort === 67 ? interfaces() : []), metrics, log });
  const dhcp = await startDhcp({
    interfaces,
    otherServerChosen: rogues.chosen,
    relayedNetworks: () => relayedNetworks(watch.current(), config.dnsPort === 53),
    lookup: (mac, networkId) => book.lookup(mac, networkId),
    canBeFound: machines.canBeFound,
    async resolveUnknown(mac, networkId, deadlineMs) {
      await machines.whoIs(mac, deadlineMs);
      return book.lookup(mac, networkId);
    },
    isTaken: (networkId, ip) => book.isTaken(networkId, ip),
    loadLeases: async () => [...await loadLeases(store), ...leases.left],
    appendLeases: leases.append,
    bootUrl: (mac, serverIp, port) => `http://${serverIp}:${port}/luna?step=boot&mac=${mac}`,
    seen: recorder.seen,
    glimpsed: recorder.glimpsed,
    meter: metrics.meter('dhcp'),
    paths,
    hasBootFile: bootFiles.has,
    log,
    httpPort: config.httpPort,
    port: config.dhcpPort,
  });
  const ipv6 = await startIpv6({
    site: () => watch.current(),
    servesDns: config.dnsPort === 53,
    alternate: (nodeId) => onAlternatePath.has(nodeId),
    whoIs: (mac, deadlineMs) => machines.whoIs(mac, deadlineMs),
    app,
    connections,
    httpPort: config.httpPort,
    paths: paths6,
    hasBootFile: bootFiles.has,
    seen: recorder.seen,
    metrics,
    log,
  });
  const tftp = await startTftp({
    interfaces: () => [...interfaces(), ...interfaces6(watch.current())],
    files: tftpFiles(scripts),
    log,
    meter: metrics.meter('tftp'),
    seen: recorder.seen,
    port: config.tftpPort,
    singlePort: config.tftpSinglePort,
  });
  const ra = await startRouterAdvertisements({
    interfaces: () => advertisingInterfaces(watch.current(), interfaces(), config.dnsPort === 53),
    seen: recorder.seen,
    meter: metrics.meter('ra'),
    log,
  });

  const reconcile = async (): Promise<void> => {
    onAlternatePath = new Set((await openBoots(store)).filter((b) => b.path > 0).map((b) => b.nodeId));
    book = addresses();
    bootFiles.look();
    await Promise.all([dhcp.reconcile(), tftp.reconcile(), ra.reconcile(), ipv6.reconcile()]);
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
    addresses: [...http.addresses, ...dhcp.addresses, ...tftp.addresses, ...ra.addresses, ...ipv6.addresses],
    async stop() {
      await Promise.all([again, tidy, admission.stop(), swarms.stop()]);
      await Promise.allSettled([http.stop(), dhcp.stop(), rogues.stop(), tftp.stop(), ra.stop(), ipv6.stop(), bell.stop()]);
      await leases.stop();
      await recorder.stop();
      await reporter.stop();
      await watch.stop();
      await temporal.close();
      await store.close();
    },
  };
});
