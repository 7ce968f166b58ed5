import type { RunSummary } from '../../domain/provision.ts';
import { parseMac } from '../../domain/mac.ts';
import type { Config } from '../../infra/config.ts';
import { addBmcsetup } from '../../infra/store/bmcsetups.ts';
import { changeMacs } from '../../infra/store/change-objects.ts';
import { initCluster } from '../../infra/store/clusters.ts';
import type { Store } from '../../infra/store/connect.ts';
import { addGroup } from '../../infra/store/groups.ts';
import { bindMacWithin } from '../../infra/store/macs.ts';
import { addNetwork } from '../../infra/store/networks.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { watchSite } from '../../infra/store/watch-site.ts';
import { benchLog } from './instance.ts';
import { controllerAddress } from './own-network.ts';

const BY = 'bench';
const GROUPS = 50;
/** So many MACs are bound in one transaction. */
const MACS = 400;

/** Declares a site of `count` nodes in 50 groups, each with a MAC, a BMC and a provision that ended; returns their names. */
export async function declareLargeSite(store: Store, config: Config, count: number): Promise<string[]> {
  const watch = await watchSite(store, benchLog);
  await initCluster(store, { frontend_address: controllerAddress }, BY);
  await addNetwork(store, { name: 'cluster', network: '10.30.0.0', prefix: 16 }, BY);
  await addNetwork(store, { name: 'ipmi', network: '10.31.0.0', prefix: 16 }, BY);
  await addOsimage(store, { name: 'compute', path: config.dataDir }, BY);
  await addBmcsetup(store, { name: 'base', user: 'admin', password: 'secret', cipher: 3 }, BY);
  const names = Array.from({ length: count }, (_, i) => `node${String(i + 1).padStart(5, '0')}`);
  const each = Math.ceil(count / GROUPS);
  for (let group = 0; group < GROUPS; group += 1) {
    const name = `group${String(group + 1).padStart(2, '0')}`;
    await addGroup(store, { name, osimage: 'compute', network: 'cluster', bmcsetup: 'base', bmcnetwork: 'ipmi' }, BY);
    const own = names.slice(group * each, (group + 1) * each);
    if (own.length > 0) await addNodes(store, { names: own, group: name }, BY);
  }
  const nodes = [...(await watch.refresh()).nodes.values()];
  for (let from = 0; from < nodes.length; from += MACS) {
    await changeMacs(store, BY, async (tx) => {
      await tx.claims.ofSet('mac');
      for (const [i, node] of nodes.slice(from, from + MACS).entries()) await bindMacWithin(tx, macOf(from + i), node._id, {});
    });
  }
  await store.db.collection<RunSummary>('runs').insertMany(nodes.map(runOf));
  await watch.stop();
  return names;
}

function macOf(i: number) {
  return parseMac(`52:54:00:60:${hexByte(i >> 8)}:${hexByte(i & 255)}`);
}

/** A provision that has ended, with a line for each of its stages. */
function runOf({ _id, name }: { _id: string; name: string }): RunSummary {
  const [startedAt, endedAt] = ['2026-01-01T00:00:00.000Z', '2026-01-01T00:05:00.000Z'];
  const stages = (['powerOn', 'pxe', 'partition', 'download', 'unpack', 'postscript', 'ready'] as const)
    .map((stage) => ({ stage, startedAt, endedAt, status: 'done' as const }));
  return {
    _id: `run-${name}`, workflowId: `provision/${_id}`, nodeId: _id, nodeName: name, groupName: 'group', osimageName: 'compute', mode: 'asked',
    status: 'completed', stage: 'ready', startedAt, endedAt, reason: '', next: '', stages,
  } as RunSummary;
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
