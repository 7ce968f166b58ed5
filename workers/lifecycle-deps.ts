import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseDeps } from '../activities/close.ts';
import type { NodeStageDeps } from '../activities/node-stages.ts';
import type { PlanDeps } from '../activities/plan.ts';
import type { PowerDeps } from '../activities/power.ts';
import { standstill } from '../domain/boot-standstill.ts';
import { LunaError } from '../domain/errors.ts';
import { machineNames } from '../domain/machine-names.ts';
import { BMC, groupOf, interfaceOf } from '../domain/node-network.ts';
import { BmcError } from '../domain/power.ts';
import { provisionPlan } from '../domain/provision-plan.ts';
import type { LunaStage } from '../domain/stages.ts';
import type { IpmiTarget } from '../infra/bmc/ipmi.ts';
import { explainFailure } from '../infra/lifecycle/explain.ts';
import { bootOfNode, bootOfRun, changeBoot, countBootsFrom, endBoots, insertBoot } from '../infra/store/boots.ts';
import type { Store } from '../infra/store/connect.ts';
import { appendEvidence, evidenceOf } from '../infra/store/evidence.ts';
import { closeRun } from '../infra/store/lifecycle.ts';
import { putOrder, removeOrder } from '../infra/store/orders.ts';
import { progressOf } from '../infra/store/progress.ts';
import { enterStage, startRun } from '../infra/store/runs.ts';
import { readSecret } from '../infra/store/secrets.ts';
import { allSightings } from '../infra/store/sightings.ts';
import { readTrace } from '../infra/store/trace.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';

/** Fulfils what the lifecycle's activities ask for with the store. */
export function lifecycleDeps(store: Store, watch: SiteWatch): {
  plan: Omit<PlanDeps, 'isOff'>; power: Omit<PowerDeps, 'bmc'>; nodeStages: NodeStageDeps; close: CloseDeps; bmcTarget(nodeId: string, iface?: string): Promise<IpmiTarget>;
} {
  const enter = (runId: string, stage: LunaStage) => enterStage(store, runId, stage, new Date().toISOString());
  const heardAt = async (nodeId: string) => (await progressOf(store, [nodeId])).get(nodeId)?.at ?? null;
  return {
    plan: {
      resolvePlan: async (nodeId) => provisionPlan(await watch.refresh(), nodeId),
      startRun: (run) => startRun(store, run),
      random: (bytes) => randomBytes(bytes).toString('hex'),
      enterStage: enter,
      boots: {
        ofRun: (runId) => bootOfRun(store, runId),
        async lastOfNode(nodeId) {
          const boot = await bootOfNode(store, nodeId);
          return boot === null ? null : { boot, heardAt: await heardAt(nodeId) };
        },
        insert: (boot) => insertBoot(store, boot),
        change: (nonce, changes) => changeBoot(store, nonce, changes),
        endOthers: (nodeId, keep) => endBoots(store, nodeId, keep),
      },
      evidence: { of: (bootId) => evidenceOf(store, bootId), append: (evidence) => appendEvidence(store, evidence) },
    },
    power: {
      enterStage: enter,
      countBootsFrom: (runId, at, path) => countBootsFrom(store, runId, at, path),
      sleep: (ms) => sleep(ms),
    },
    nodeStages: {
      putOrder: (order) => putOrder(store, order),
      removeOrder: (order) => removeOrder(store, order),
      evidenceOf: (bootId, stages) => evidenceOf(store, bootId, stages),
      enterStage: enter,
      async silence(nodeId) {
        const heard = await heardAt(nodeId);
        return heard === null ? null : Date.now() - Date.parse(heard);
      },
    },
    close: {
      async explain(failure) {
        const site = watch.current();
        const node = site.nodes.get(failure.nodeId);
        const group = node === undefined ? undefined : site.groups.get(node.group);
        const sw = node?.switch == null ? undefined : site.switches.get(node.switch);
        const boot = await bootOfNode(store, failure.nodeId);
        const evidence = boot === null ? [] : await evidenceOf(store, boot.bootId);
        const heard = await heardAt(failure.nodeId);
        const unknown = (await allSightings(store)).filter((s) => !site.macs.has(s.mac)).slice(0, 5);
        return explainFailure(failure, {
          where: sw !== undefined && node?.port != null ? `${sw.name} port ${node.port}` : null,
          bmcsetupName: group?.bmcsetup == null ? null : site.bmcsetups.get(group.bmcsetup)?.name ?? null,
          unknown: unknown.map((s) => `${s.mac}${s.where === null ? '' : ` on ${s.where}`}`),
          lastEvidence: evidence.at(-1) ?? null,
          standstill: node === undefined ? null : standstill(await readTrace(store, { whos: machineNames(site, node), since: boot?.poweredAt ?? undefined, limit: 500 }), Date.now()),
          heardSecondsAgo: heard === null ? null : Math.round((Date.now() - Date.parse(heard)) / 1000),
        });
      },
      endRun: (end) => closeRun(store, end),
    },
    async bmcTarget(nodeId, iface = BMC) {
      const site = watch.current().nodes.has(nodeId) ? watch.current() : await watch.refresh();
      const node = site.nodes.get(nodeId);
      if (node === undefined) throw new LunaError('not-found', `there is no node with id ${nodeId}`, 'luna node list');
      const group = groupOf(site, node);
      const setup = site.bmcsetups.get(group.bmcsetup ?? '');
      const address = interfaceOf(site, node, iface)?.ip ?? null;
      if (setup === undefined) throw new BmcError(`${node.name} has no BMC: its group ${group.name} names no bmcsetup`, true, `luna group change ${group.name} --bmcsetup NAME`);
      if (address === null) throw new BmcError(`${node.name} has no ${iface} address`, true, `luna node change ${node.name} -i ${iface} ADDRESS`);
      const password = await readSecret(store, 'bmcsetup', setup._id) ?? '';
      return { nodeName: node.name, address, user: setup.user, password, cipher: setup.cipher, bmcsetupName: setup.name };
    },
  };
}
