import { evidenceOfRecord, isOfBootProgram } from '../domain/boot-evidence.ts';
import type { BootGlimpse, BootRecord } from '../domain/boot-record.ts';
import { evidenceOfBoot } from '../infra/boot/http/observation.ts';
import type { Log } from '../infra/log.ts';
import { openBoots } from '../infra/store/boots.ts';
import type { Store } from '../infra/store/connect.ts';
import { bindMac } from '../infra/store/macs.ts';
import { orderOf } from '../infra/store/orders.ts';
import { readSecret } from '../infra/store/secrets.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';
import { createDiscovery } from './boot-discovery.ts';
import type { createReporter } from './boot-reporter.ts';
import { createSightings } from './boot-sightings.ts';
import { sharedRead } from './shared-read.ts';

export interface MachineDeps {
  store: Store;
  watch: SiteWatch;
  reporter: ReturnType<typeof createReporter>;
  log: Log;
}

/** What the boot services know of machines: who they are, where they stand, and what they were seen doing. */
export function bootMachines({ store, watch, reporter, log }: MachineDeps) {
  const later = (event: string) => (error: unknown) => { log.warn(event, { error: error instanceof Error ? error.message : String(error) }); };

  /** Asked for every ACK of a declared machine, of which few are waited for: one query for all that come together. */
  const boots = sharedRead(() => openBoots(store));
  const noteSighting = createSightings(store, log);

  /** Evidence from outside the agent, for the run that waits for this node; nothing when none does. */
  async function evidence(nodeId: string, stage: 'discover' | 'pxe.dhcp', message: string, facts: Record<string, unknown>): Promise<void> {
    const boot = (await boots()).filter((one) => one.nodeId === nodeId).sort((a, b) => b.deadline.localeCompare(a.deadline))[0];
    if (boot === undefined || (boot.state !== 'armed' && boot.state !== 'live')) return;
    // What was seen before the power was read back belongs to whatever the machine did before.
    if (stage === 'pxe.dhcp' && boot.poweredAt === null) return;
    const order = await orderOf(store, nodeId);
    const attempt = order?.bootId === boot.bootId ? order.attempt : 1;
    await reporter.report(evidenceOfBoot(boot, new Date(), { stage, attempt, seq: 0, status: 'ok', message, facts }));
  }

  function sight(mac: string, networkId: string, ip: string | null, arch: number | null, where?: string): void {
    noteSighting({ mac, networkId, ip, arch, ...(where === undefined ? {} : { where }) });
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
    canBeFound: () => discovery.canFind(),
    whoIs: (mac: string, deadlineMs: number) => discovery.whoIs(mac, deadlineMs),

    /** What boot services see: evidence for machines that are waited for, a sighting for those that fit nothing. */
    noticed(record: BootRecord): void {
      const { mac, ip, nodeId, facts } = record;
      if (nodeId === null) {
        if (mac !== null && record.answered !== null && isOfBootProgram(record)) sight(mac, record.networkId ?? '', ip, typeof facts['arch'] === 'number' ? facts['arch'] : null);
        return;
      }
      const proved = evidenceOfRecord(record);
      if (proved !== null) evidence(nodeId, proved.stage, proved.message, proved.facts).catch(later('evidence.lost'));
    },

    /** The same of a machine that nobody declared, in short. */
    glimpsed({ mac, networkId, ip, arch, booting }: BootGlimpse): void {
      if (booting) sight(mac, networkId ?? '', ip, arch);
    },

    /** A machine in the menu: it is looked for on the switches again, so that it leaves the menu by itself once its port is declared. */
    inMenu(mac: string, ip: string): void {
      sight(mac, '', ip, null);
      discovery.whoIs(mac, 2000).catch(later('discovery.failed'));
    },
  };
}
