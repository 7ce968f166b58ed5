/**
 * The documents and the boot process under the supervisor of `luna up`, on a site of {@link SITE}, to be run inside a network
 * namespace by protocol tests. Says `{"dataDir"}` on stdout when both are ready; ends what it started on SIGTERM.
 * `node supervised-boot.ts`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lunaParts } from '../../infra/engine/parts.ts';
import { supervise } from '../../infra/engine/supervise.ts';
import { initCluster } from '../../infra/store/clusters.ts';
import { openStore } from '../../infra/store/connect.ts';
import { addGroup, changeGroup } from '../../infra/store/groups.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { addNetwork } from '../../infra/store/networks.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { openSecretBox } from '../../infra/store/secrets-key.ts';
import { loadConfig } from '../../infra/config.ts';
import { SITE } from './crash-site.ts';
import { silentLog } from './silent-log.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'luna-crash-'));
const config = loadConfig({ PATH: process.env.PATH, LUNA_CACHE: process.env.LUNA_CACHE, LUNA_DATA: dataDir, LUNA_CONF: '/dev/null' });
const parts = lunaParts(config).filter(({ name }) => ['documents', 'boot'].includes(name));
const stopping = new AbortController();
process.on('SIGTERM', () => { stopping.abort(); });

let declared: Promise<void> | undefined;
try {
  await supervise(parts, {
    config, log: silentLog, signal: stopping.signal,
    changed: ({ phase }) => { if (phase === 'ready') declared ??= declare(); },
  });
  await declared;
} finally {
  rmSync(dataDir, { recursive: true, force: true });
}

async function declare(): Promise<void> {
  const store = await openStore(config.mongo.uri, { log: silentLog, database: config.mongo.database, secrets: openSecretBox(config.secretsKey) });
  await initCluster(store, { frontend_address: SITE.controller }, 'test');
  await addNetwork(store, { name: 'cluster', network: SITE.network, prefix: SITE.prefix, dhcp_start: SITE.range.first, dhcp_end: SITE.range.last }, 'test');
  await addOsimage(store, { name: 'compute', path: dataDir }, 'test');
  await addGroup(store, { name: 'compute', osimage: 'compute', network: 'cluster' }, 'test');
  // They boot from their disks, so no workflow is asked.
  await changeGroup(store, 'compute', { boot_policy: 'once' }, 'test');
  const nodes = await addNodes(store, { names: SITE.nodes.map(({ name }) => name), group: 'compute' }, 'test');
  for (const [at, { mac }] of SITE.nodes.entries()) await bindMac(store, mac, nodes[at]?._id ?? '', 'test');
  await store.close();
  process.stdout.write(`${JSON.stringify({ dataDir })}\n`);
}
