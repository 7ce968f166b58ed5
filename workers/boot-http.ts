import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Seen } from '../domain/boot-record.ts';
import type { BootHttpDeps } from '../infra/boot/http/app.ts';
import { whyNotBootable } from '../infra/boot/http/as-packed.ts';
import { createFileSums } from '../infra/boot/http/file-sums.ts';
import { USUAL_PACE, watchTransfers } from '../infra/boot/http/transfers.ts';
import type { Meter } from '../infra/meter.ts';
import { ipxeDirectory, ipxeNames } from '../infra/boot/tftp/files.ts';
import { withTracker } from '../infra/boot/torrent/metainfo.ts';
import type { BootTracker } from '../infra/boot/torrent/tracker.ts';
import type { Config } from '../infra/config.ts';
import type { createRuns } from '../infra/lifecycle/runs.ts';
import type { Log } from '../infra/log.ts';
import { bootByNonce, bootOfNode, replaceBoot } from '../infra/store/boots.ts';
import type { Store } from '../infra/store/connect.ts';
import { evidenceOf } from '../infra/store/evidence.ts';
import { bindMac } from '../infra/store/macs.ts';
import { orderOf } from '../infra/store/orders.ts';
import { readSecret } from '../infra/store/secrets.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';
import { nodeTemplates } from '../infra/templates/node-templates.ts';
import type { bootAdmission } from './boot-admission.ts';
import type { bootMachines } from './boot-machines.ts';
import type { createReporter } from './boot-reporter.ts';
import type { createWorkBell } from './boot-work.ts';

export interface BootHttpWiring {
  config: Config;
  store: Store;
  watch: SiteWatch;
  reporter: ReturnType<typeof createReporter>;
  bell: ReturnType<typeof createWorkBell>;
  machines: ReturnType<typeof bootMachines>;
  runs: ReturnType<typeof createRuns>;
  admission: Awaited<ReturnType<typeof bootAdmission>>;
  tracker: BootTracker;
  meter: Meter;
  seen: Seen;
  log: Log;
}

/** How long the boot script of a node that boots unasked waits for its run to arm it. */
const ARM_MS = 8000;

/** Fulfils what the boot HTTP service asks for. */
export function bootHttpDeps({ config, store, watch, reporter, bell, machines, runs, admission, tracker, meter, seen, log }: BootHttpWiring): BootHttpDeps {
  const sums = createFileSums();
  return {
    site: () => watch.current(),
    bootOfNode: (nodeId) => bootOfNode(store, nodeId),
    bootByNonce: (nonce) => bootByNonce(store, nonce),
    orderOf: (nodeId) => orderOf(store, nodeId),
    newestOrder: async (nodeId) => bell.newest(nodeId) ?? orderOf(store, nodeId),
    evidenceOf: (bootId) => evidenceOf(store, bootId),
    async report(evidence) {
      await reporter.report(evidence);
      bell.ring(evidence.nodeId);
    },
    progress: (word) => { reporter.progress(word); },
    recentBoot: (nonce) => admission.recentBoot(nonce),
    live: (boot, from) => admission.live(boot, from),
    async rotateNonce(boot) {
      const fresh = await replaceBoot(store, boot, { ...boot, _id: randomBytes(16).toString('hex'), state: 'armed' });
      log.warn('boot.restarted', { node: boot.nodeName, bootId: boot.bootId });
      return fresh;
    },
    async startUnasked(nodeId) {
      const site = watch.current();
      const node = site.nodes.get(nodeId);
      const group = node === undefined ? undefined : site.groups.get(node.group);
      if (node === undefined || group === undefined) return;
      const osimageName = site.osimages.get(group.osimage)?.name ?? '';
      await runs.start({ nodeId, nodeName: node.name, mode: 'unasked', from: null }, { groupName: group.name, osimageName });
      const until = Date.now() + ARM_MS;
      while (Date.now() < until && (await bootOfNode(store, nodeId))?.state !== 'armed') await sleep(200);
    },
    async bindMac(mac, nodeId) {
      const binding = await bindMac(store, mac, nodeId, 'menu', { steal: true });
      await watch.refresh();
      return binding;
    },
    sighting: (mac, { ip }) => { machines.inMenu(mac, ip); },
    async bmcPassword(nodeId) {
      const site = watch.current();
      const setup = site.groups.get(site.nodes.get(nodeId)?.group ?? '')?.bmcsetup ?? null;
      return setup === null ? null : readSecret(store, 'bmcsetup', setup);
    },
    async waitForWork(nodeId, ms) {
      reporter.heard(nodeId);
      await bell.wait(nodeId, ms);
    },
    now: () => new Date(),
    bootDir: config.bootDir,
    torrentsDir: config.torrentsDir,
    withTracker,
    tracker,
    templates: nodeTemplates,
    netboot: { directories: [ipxeDirectory], names: ipxeNames },
    sums,
    whyNotBootable: (names) => whyNotBootable({ site: () => watch.current(), sums, bootDir: config.bootDir }, names),
    transfers: watchTransfers(USUAL_PACE),
    meter,
    seen,
    log,
  };
}
