/**
 * The IPv6 side of the boot services on a declared site, as a process of its own, to be run inside a network namespace:
 * `node ipv6-services.ts '{"networks":{…},"groups":{…},"nodes":{…},"macs":{…}}'` (`Declared` of plain-site.ts).
 * Says `{"event":"ready"}` on stdout when it serves, which is when a device stands in a declared network.
 */
import { createBootPaths } from '../../infra/boot/dhcp/boot-paths.ts';
import { boundConnections } from '../../infra/boot/http/connections.ts';
import { ipxeDirectory, ipxeNames, mappedFiles } from '../../infra/boot/tftp/files.ts';
import { startRouterAdvertisements } from '../../infra/boot/ra/server.ts';
import { startTftp } from '../../infra/boot/tftp/server.ts';
import { createLog } from '../../infra/log.ts';
import { createMetrics } from '../../infra/metrics/metrics.ts';
import { startIpv6 } from '../../workers/boot-dhcp6.ts';
import { advertisingInterfaces, interfaces6 } from '../../workers/boot-ipv6.ts';
import { type Declared, plainSite } from './plain-site.ts';
import { silentMeter } from './silent-meter.ts';

const declared = JSON.parse(process.argv[2] ?? '{}') as Declared;
const site = plainSite(declared);
const log = createLog('boot', 'debug');
const seen = (record: object): void => log.info('seen', { ...record });

const running = await Promise.all([
  startIpv6({
    site: () => site,
    servesDns: false,
    alternate: () => false,
    whoIs: async () => null,
    app(request, response) {
      log.info('http.get', { url: request.url, from: request.socket.remoteAddress });
      response.end(`#!ipxe\n# ${request.url ?? ''}\n`);
    },
    connections: boundConnections(silentMeter),
    httpPort: 7050,
    paths: createBootPaths(),
    hasBootFile: () => true,
    seen,
    metrics: createMetrics('boot'),
    log,
  }),
  startRouterAdvertisements({ interfaces: () => advertisingInterfaces(site, [], false), seen, meter: silentMeter, log }),
  startTftp({ interfaces: () => interfaces6(site), files: mappedFiles({ directories: [ipxeDirectory], names: ipxeNames }), seen, meter: silentMeter, log }),
]);

// As the boot process does, only more often: a bridge without a machine has no carrier, and is not there yet.
let ready = false;
const again = setInterval(() => {
  void Promise.all(running.map((service) => service.reconcile())).then(() => {
    if (ready || !running.every((service) => service.addresses.some((address) => address.includes(' on ')))) return;
    ready = true;
    log.info('ready', { addresses: running.flatMap((service) => service.addresses) });
  });
}, 200);

process.on('SIGTERM', () => {
  clearInterval(again);
  void Promise.all(running.map((service) => service.stop())).then(() => process.exit(0));
});
