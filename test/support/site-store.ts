import { randomBytes } from 'node:crypto';
import { addBmcsetup } from '../../infra/store/bmcsetups.ts';
import { initCluster } from '../../infra/store/clusters.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { addGroup } from '../../infra/store/groups.ts';
import { addNetwork } from '../../infra/store/networks.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { secretBox } from '../../infra/store/secret-box.ts';
import { addSwitch } from '../../infra/store/switches.ts';
import { silentLog } from './silent-log.ts';

let databases = 0;

let keys: readonly Uint8Array[] = [randomBytes(32)];
/** The box of all secrets of this test process. */
export const testSecrets = secretBox({ where: 'the key of the test', keys: () => keys, reread: () => undefined, replace: (wanted) => { keys = wanted; } });

/** A database of its own for one test. */
export function freshStore(uri: string): Promise<Store> {
  databases += 1;
  return openStore(uri, { log: silentLog, database: `test${databases}`, secrets: testSecrets });
}

/** The seed's site in a database of its own: networks `cluster` 10.30.0.0/16 (frontend .0.1) and `ipmi` 10.31.0.0/24, switch01, group `compute`. */
export async function siteStore(uri: string): Promise<Store> {
  const store = await freshStore(uri);
  await initCluster(store, { frontend_address: '10.30.0.1' }, 'test');
  await addNetwork(store, { name: 'cluster', network: '10.30.0.0', prefix: 16 }, 'test');
  await addNetwork(store, { name: 'ipmi', network: '10.31.0.0', prefix: 24 }, 'test');
  await addSwitch(store, { name: 'switch01', network: 'ipmi', ip: '10.31.0.1', read: 'secret-community' }, 'test');
  await addOsimage(store, { name: 'compute', path: '/opt/luna/os/compute' }, 'test');
  await addBmcsetup(store, { name: 'base', password: 'secret-password' }, 'test');
  await addGroup(store, { name: 'compute', osimage: 'compute', network: 'cluster', bmcsetup: 'base', bmcnetwork: 'ipmi' }, 'test');
  return store;
}
