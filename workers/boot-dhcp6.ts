import type { RequestListener } from 'node:http';
import type { Seen } from '../domain/boot-record.ts';
import type { Mac } from '../domain/mac.ts';
import type { Site } from '../domain/site.ts';
import type { BootPaths } from '../infra/boot/dhcp/boot-paths.ts';
import { createBootChoice6 } from '../infra/boot/dhcp6/boot-choice.ts';
import { startDhcp6 } from '../infra/boot/dhcp6/server.ts';
import type { Connections } from '../infra/boot/http/connections.ts';
import { startBootHttp } from '../infra/boot/http/server.ts';
import type { PacketService } from '../infra/boot/packet-service.ts';
import { placeOf } from '../infra/boot/place.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics/metrics.ts';
import { interfaces6, lookup6, provisioningNetworks6, serverIdentifier } from './boot-ipv6.ts';

/** What the IPv6 side of the boot services needs. */
export interface Ipv6Wiring {
  site(): Site;
  /** Whether this controller answers names. */
  readonly servesDns: boolean;
  /** Whether a node's last boots did not arrive, so that it is given the other boot file. */
  alternate(nodeId: string): boolean;
  whoIs(mac: Mac, deadlineMs: number): Promise<unknown>;
  /** The boot HTTP service, for machines that come over IPv6. */
  readonly app: RequestListener;
  readonly connections: Connections;
  readonly httpPort: number;
  /** How boots over IPv6 went. */
  readonly paths: BootPaths;
  /** Whether a boot file is there to be served. */
  hasBootFile(file: string): boolean;
  readonly seen: Seen;
  readonly metrics: Pick<Metrics, 'meter'>;
  readonly log: Log;
}

/** DHCPv6, and boot HTTP on IPv6. A machine whose kernel has no IPv6 boots others over IPv4 as before. */
export async function startIpv6(wiring: Ipv6Wiring): Promise<PacketService> {
  const { site, httpPort, log } = wiring;
  const dhcp6 = await startDhcp6({
    networks: () => provisioningNetworks6(site(), wiring.servesDns),
    lookup(mac, networkId) {
      const reserved = lookup6(site(), mac, networkId);
      return reserved && { ...reserved, bootPath: wiring.alternate(reserved.nodeId) ? 1 : 0 };
    },
    resolveUnknown: async (mac, _networkId, deadlineMs) => { await wiring.whoIs(mac, deadlineMs); },
    boot: createBootChoice6({ httpPort, paths: wiring.paths, has: (file) => wiring.hasBootFile(file) }),
    seen: wiring.seen,
    meter: wiring.metrics.meter('dhcp6'),
    log,
    serverId: serverIdentifier(),
  });
  const http = await startBootHttp({
    app: wiring.app,
    connections: wiring.connections,
    port: httpPort,
    host: '::',
    meter: wiring.metrics.meter('http6'),
    isServed: (local) => local === '::1' || interfaces6(site()).some(({ address }) => address === local),
    log,
  }).catch((error: unknown) => {
    log.warn('http.no_ipv6', { port: httpPort, reason: error instanceof Error ? error.message : String(error) });
    return null;
  });
  return {
    get addresses() {
      return [...(http === null ? [] : [`http://${placeOf('::', httpPort)}`]), ...dhcp6.addresses];
    },
    reconcile: () => dhcp6.reconcile(),
    async stop() {
      await Promise.allSettled([dhcp6.stop(), http?.stop()]);
    },
  };
}
