import { initCluster } from '../../infra/store/clusters.ts';
import type { Store } from '../../infra/store/connect.ts';
import { addGroup, changeGroup } from '../../infra/store/groups.ts';
import { addNetwork } from '../../infra/store/networks.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { addSwitch } from '../../infra/store/switches.ts';
import type { Random } from './random.ts';

/** Networks so small that they are often exhausted: their names, where each may stand, and how long its prefix may be. */
export const POOLS = {
  cluster: { bases: ['10.30.0.0', '10.40.0.0'], prefixes: [25, 26, 24] },
  ipmi: { bases: ['10.31.0.0', '10.41.0.0'], prefixes: [26, 27, 25] },
  tiny: { bases: ['10.32.0.0', '10.42.0.0'], prefixes: [28, 29, 27] },
  six: { bases: ['fd00:30::', 'fd00:40::'], prefixes: [122, 121, 64] },
} as const;
/** The name of one of {@link POOLS}. */
export type PoolName = keyof typeof POOLS;

/** Groups that nodes move between; `spare` is copied, removed and gets networks. */
export const GROUPS = ['compute', 'login', 'spare'] as const;

/** Names that clients quarrel about. */
export const names = {
  node: (random: Random): string => `node${String(1 + random.below(70)).padStart(3, '0')}`,
  mac: (random: Random): string => `52:54:00:00:00:${(16 + random.below(48)).toString(16)}`,
  pool: (random: Random): PoolName => random.of(Object.keys(POOLS) as PoolName[]),
};

/** Declares the site whose pools are quarrelled about. */
export async function poolWorld(store: Store): Promise<void> {
  await initCluster(store, { frontend_address: '10.30.0.1' }, 'test');
  for (const [name, { bases: [network], prefixes: [prefix] }] of Object.entries(POOLS)) await addNetwork(store, { name, network, prefix }, 'test');
  await addOsimage(store, { name: 'compute', path: '/opt/luna/os/compute' }, 'test');
  for (const name of ['switch01', 'switch02']) await addSwitch(store, { name, network: 'ipmi', ip: `10.31.0.${name.slice(-1)}` }, 'test');
  await addGroup(store, { name: 'compute', osimage: 'compute', network: 'cluster', network6: 'six', bmcnetwork: 'ipmi' }, 'test');
  await addGroup(store, { name: 'login', osimage: 'compute', network: 'cluster', bmcnetwork: 'ipmi', interfaces: ['eth1'] }, 'test');
  await changeGroup(store, 'login', { interface: { name: 'eth1', op: 'setnet', network: 'tiny' } }, 'test');
  await addGroup(store, { name: 'spare', osimage: 'compute', network: 'ipmi', interfaces: ['eth1', 'eth2'] }, 'test');
}
