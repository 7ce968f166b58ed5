import type { Documents } from '../infra/api/documents.ts';
import { addBmcsetup, changeBmcsetup, removeBmcsetup } from '../infra/store/bmcsetups.ts';
import { changeNode } from '../infra/store/change-node.ts';
import { changeCluster, initCluster, removeCluster } from '../infra/store/clusters.ts';
import type { Store } from '../infra/store/connect.ts';
import { evidenceOfRuns } from '../infra/store/evidence.ts';
import { addGroup, changeGroup, removeGroup } from '../infra/store/groups.ts';
import { storeHealth } from '../infra/store/health.ts';
import { addNetwork, changeNetwork, removeNetwork } from '../infra/store/networks.ts';
import { addNodes, removeNode } from '../infra/store/nodes.ts';
import { addOsimage, changeOsimage, removeOsimage } from '../infra/store/osimages.ts';
import { progressOf } from '../infra/store/progress.ts';
import { newestRuns, runsOf } from '../infra/store/runs.ts';
import { allSightings } from '../infra/store/sightings.ts';
import { addSwitch, changeSwitch, removeSwitch } from '../infra/store/switches.ts';
import type { SiteWatch } from '../infra/store/watch-site.ts';

/** Fulfils what the API asks of documents with the store. */
export function apiDocuments(store: Store, site: SiteWatch): Documents {
  const on = <Rest extends unknown[], Result>(work: (store: Store, ...rest: Rest) => Result) => (...rest: Rest): Result => work(store, ...rest);
  return {
    site,
    cluster: { init: on(initCluster), change: on(changeCluster), remove: on(removeCluster) },
    networks: { add: on(addNetwork), change: on(changeNetwork), remove: on(removeNetwork) },
    switches: { add: on(addSwitch), change: on(changeSwitch), remove: on(removeSwitch) },
    osimages: { add: on(addOsimage), change: on(changeOsimage), remove: on(removeOsimage) },
    bmcsetups: { add: on(addBmcsetup), change: on(changeBmcsetup), remove: on(removeBmcsetup) },
    groups: { add: on(addGroup), change: on(changeGroup), remove: on(removeGroup) },
    nodes: { add: on(addNodes), change: on(changeNode), remove: on(removeNode) },
    sightings: on(allSightings),
    newestRuns: on(newestRuns),
    runsOf: on(runsOf),
    progressOf: on(progressOf),
    evidenceOfRuns: on(evidenceOfRuns),
    health: on(storeHealth),
  };
}
