import type { DhcpObservation } from '../infra/boot/dhcp/deps.ts';
import { evidenceOfBoot } from '../infra/boot/http/observation.ts';
import type { Log } from '../infra/log.ts';
import { bootOfNode } from '../infra/store/boots.ts';
import type { Store } from '../infra/store/connect.ts';
import { bindMac } from '../infra/store/macs.ts';
import { orderOf } from '../infra/store/orders.ts';
import { readSecret } from '../infra/store/secrets.ts';
import { recordSightings } from '../infra/store/sightings.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';
import { createDiscovery } from './boot-discovery.ts';
import type { createReporter } from './boot-reporter.ts';

export interface MachineDeps {
  store: Store;
  watch: SiteWatch;
  reporter: ReturnType<typeof createReporter>;
  log: Log;
}

/** What the boot services know of machines: who they are, where they stand, and what they were seen doing. */
export function bootMachines({ store, watch, reporter, log }: MachineDeps) {
  const later = (event: string) => (error: unknown) => { log.warn(event, { error: error instanceof Error ? error.message : String(error) }); };

  /** Evidence from outside the agent, for the run that waits for this node; nothing when none does. */
  async function evidence(nodeId: string, stage: 'discover' | 'pxe.dhcp', message: string, facts: Record<string, unknown>): Promise<void> {
    const boot = await bootOfNode(store, nodeId);
    if (boot === null || (boot.state !== 'armed' && boot.state !== 'live')) return;
    // What was seen before the power was read back belongs to whatever the machine did before.
    if (stage === 'pxe.dhcp' && boot.poweredAt === null) return;
    const order = await orderOf(store, nodeId);
    const attempt = order?.bootId === boot.bootId ? order.attempt : 1;
    await reporter.report(evidenceOfBoot(boot, new Date(), { stage, attempt, seq: 0, status: 'ok', message, facts }));
  }

  function sight(mac: string, networkId: string, ip: string | null, arch: number | null, where?: string): void {
    const at = new Date().toISOString();
    recordSightings(store, [{ mac, networkId, ip, arch, at, ...(where === undefined ? {} : { where }) }]).catch(later('sighting.lost'));
  }

  const discovery = createDiscovery({
    site: () => watch.current(),
    community: async (switchId) => await readSecret(store, 'switch', switchId) ?? 'public',
    async bind(mac, nodeId) {
      const { bound } = await bindMac(store, mac, nodeId, 'boot');
      await watch.refresh();
      return bound;
    },
    found: (nodeId, mac, where) => evidence(nodeId, 'discover', `${mac} stands on ${where}`, { mac, where }),
    noted: (mac, where) => { sight(mac, '', null, null, where); },
    log,
  });

  return {
    whoIs: (mac: string, deadlineMs: number) => discovery.whoIs(mac, deadlineMs),

    /** DHCP of boot programs: evidence for machines that are waited for, a sighting for those that fit nothing. */
    observed(event: DhcpObservation): void {
      if (event.clientClass === 'other') return;
      if (event.nodeId === null) sight(event.mac, event.networkId, event.ip, event.arch);
      else if (event.kind === 'dhcp.ack') {
        const { mac, ip, arch, clientClass } = event;
        evidence(event.nodeId, 'pxe.dhcp', `${mac} was given ${ip} (${clientClass})`, { mac, ip, arch, clientClass }).catch(later('evidence.lost'));
      }
    },

    /** A machine in the menu: it is looked for on the switches again, so that it leaves the menu by itself once its port is declared. */
    inMenu(mac: string, ip: string): void {
      sight(mac, '', ip, null);
      discovery.whoIs(mac, 2000).catch(later('discovery.failed'));
    },
  };
}
