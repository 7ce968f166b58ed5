import { networkInterfaces } from 'node:os';
import { openClientPort } from '../infra/boot/client-port-socket.ts';
import { type RogueWatch, startRogueWatch } from '../infra/boot/dhcp/rogue.ts';
import type { ProvisioningInterface } from '../infra/boot/provisioning-interface.ts';
import type { Log } from '../infra/log.ts';
import type { Metrics } from '../infra/metrics/metrics.ts';
import type { Store } from '../infra/store/connect.ts';
import { allRogues, forgetRogue, keepRogue } from '../infra/store/rogues.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';

/** What looking for other DHCP servers needs of the boot process. */
export interface RogueWiring {
  store: Store;
  watch: SiteWatch;
  /** None where DHCP is only tried, on another port than its own. */
  interfaces(): readonly ProvisioningInterface[];
  metrics: Metrics;
  log: Log;
}

/** Looks for DHCP servers that are not this controller's and keeps them in the store, where the API finds them. */
export function startRogues({ store, watch, interfaces, metrics, log }: RogueWiring): Promise<RogueWatch> {
  return startRogueWatch({
    interfaces,
    isOurs,
    open: openClientPort,
    load: () => allRogues(store),
    keep: (rogue) => keepRogue(store, rogue),
    forget: (id) => forgetRogue(store, id),
    nameOf: (networkId) => watch.current().networks.get(networkId)?.name,
    meter: metrics.meter('rogue'),
    log,
  });
}

function isOurs(ip: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === ip));
}
