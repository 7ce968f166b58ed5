import { applyChanges } from '../domain/apply-changes.ts';
import { rogueViews } from '../domain/rogue-server.ts';
import type { Documents } from '../infra/api/documents.ts';
import { applySite } from '../infra/store/apply-site.ts';
import { addAuditLine, auditLines } from '../infra/store/audit.ts';
import { addBmcsetup, changeBmcsetup, removeBmcsetup } from '../infra/store/bmcsetups.ts';
import { changeNode, changeNodes } from '../infra/store/change-node.ts';
import type { Trial } from '../infra/store/change-objects.ts';
import { linesOfVersions } from '../infra/store/changes.ts';
import { cloneGroup } from '../infra/store/clone-group.ts';
import { changeCluster, initCluster, removeCluster } from '../infra/store/clusters.ts';
import type { Store } from '../infra/store/connect.ts';
import { evidenceOfRuns } from '../infra/store/evidence.ts';
import { addGroup, changeGroup, changeGroups, removeGroup } from '../infra/store/groups.ts';
import { storeHealth } from '../infra/store/health.ts';
import { leaseHolder, loadLeases } from '../infra/store/leases.ts';
import { historyOf } from '../infra/store/history.ts';
import { removeSite } from '../infra/store/remove-site.ts';
import { addNetwork, changeNetwork, removeNetwork } from '../infra/store/networks.ts';
import { newestChangeAt } from '../infra/store/newest-change.ts';
import { addOtherdev, changeOtherdev, removeOtherdev } from '../infra/store/otherdevs.ts';
import { type NewestRuns, newestRunsOf } from '../infra/store/newest-runs.ts';
import { addNodes, removeNode, removeNodes } from '../infra/store/nodes.ts';
import { addOsimage, changeOsimage, removeOsimage } from '../infra/store/osimages.ts';
import { progressOf } from '../infra/store/progress.ts';
import { newestRuns, runsOf } from '../infra/store/runs.ts';
import { allRogues } from '../infra/store/rogues.ts';
import { allSightings } from '../infra/store/sightings.ts';
import { rotateSecretsKey, secretsWithin } from '../infra/store/secrets.ts';
import { addSwitch, changeSwitch, removeSwitch } from '../infra/store/switches.ts';
import { undo } from '../infra/store/undo.ts';
import { swarmsOf } from '../infra/store/swarms.ts';
import { addToken, allTokens, removeToken, tokenByHash } from '../infra/store/tokens.ts';
import { readTrace } from '../infra/store/trace.ts';
import { countersNow } from '../infra/store/version.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';

/** Of so many nodes the newest runs are read one by one; those of more are in memory, but for what may have changed. */
const FEW = 50;

/** Fulfils what the API asks of documents with the store. */
export function apiDocuments(store: Store, site: SiteWatch, newest: NewestRuns = newestRunsOf(store)): Documents {
  const on = <Rest extends unknown[], Result>(work: (store: Store, ...rest: Rest) => Result) => (...rest: Rest): Result => work(store, ...rest);
  return {
    site,
    cluster: { init: on(initCluster), change: on(changeCluster), remove: on(removeCluster), removeAll: on(removeSite) },
    networks: { add: on(addNetwork), change: on(changeNetwork), remove: on(removeNetwork) },
    switches: { add: on(addSwitch), change: on(changeSwitch), remove: on(removeSwitch) },
    otherdevs: { add: on(addOtherdev), change: on(changeOtherdev), remove: on(removeOtherdev) },
    osimages: { add: on(addOsimage), change: on(changeOsimage), remove: on(removeOsimage) },
    bmcsetups: { add: on(addBmcsetup), change: on(changeBmcsetup), remove: on(removeBmcsetup) },
    groups: { add: on(addGroup), change: on(changeGroup), remove: on(removeGroup) },
    cloneGroup: on(cloneGroup),
    nodes: { add: on(addNodes), change: on(changeNode), remove: on(removeNode) },
    applySite: on(applySite),
    secrets: () => secretsWithin(store),
    rotateSecretsKey: on(rotateSecretsKey),
    changeNodes: on(changeNodes),
    changeGroups: on(changeGroups),
    removeNodes: on(removeNodes),
    history: on(historyOf),
    undo: on(undo),
    async trial(work) {
      const told: Awaited<ReturnType<Documents['trial']>> = { lines: [], before: site.current(), after: site.current() };
      const trial: Trial = (lines, before) => { Object.assign(told, { lines, before, after: applyChanges(before, lines) ?? before }); };
      await work(apiDocuments({ ...store, trial }, { ...site, current: () => told.after, refresh: () => Promise.resolve(told.after) }, newest));
      return told;
    },
    changes: { position: () => countersNow(store), ofVersion: (what, n) => linesOfVersions(store, what, n, n) },
    tokens: { all: on(allTokens), byHash: on(tokenByHash), add: on(addToken), remove: on(removeToken) },
    audit: { add: on(addAuditLine), newest: on(auditLines) },
    sightings: on(allSightings),
    rogues: async () => rogueViews(await allRogues(store), (id) => site.current().networks.get(id)?.name, Date.now()),
    swarmsOf: on(swarmsOf),
    trace: on(readTrace),
    leases: on(loadLeases),
    leaseHolder: on(leaseHolder),
    async newestRuns(nodeIds) {
      if (nodeIds !== null && nodeIds.length <= FEW) return newestRuns(store, nodeIds);
      const wanted = nodeIds === null ? null : new Set(nodeIds);
      return (await newest.now()).filter((run) => wanted?.has(run.nodeId) ?? true);
    },
    runsOf: on(runsOf),
    progressOf: on(progressOf),
    evidenceOfRuns: on(evidenceOfRuns),
    newestChangeAt: on(newestChangeAt),
    health: on(storeHealth),
  };
}
