/**
 * A controller as `luna up` runs it, without its workflows, to be run inside a network namespace by protocol tests: the
 * documents, the site of {@link NODE} and {@link INSTALLING}, and the workers `api` and `boot`. Says `{"dataDir"}` on stdout when all are ready;
 * ends what it started on SIGTERM. `node boot-instance.ts '{"dhcp_start":"10.77.0.100","dhcp_end":"10.77.0.120"}'`: more settings of its network.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NewNetwork } from '../../domain/requests/network.ts';
import { codeRoot, ownExtension, projectRoot } from '../../infra/root.ts';
import { publishArtefact } from '../../infra/store/artefacts.ts';
import { insertBoot } from '../../infra/store/boots.ts';
import { addGroup } from '../../infra/store/groups.ts';
import { initCluster } from '../../infra/store/clusters.ts';
import { openStore } from '../../infra/store/connect.ts';
import { bindMac } from '../../infra/store/macs.ts';
import { addNetwork } from '../../infra/store/networks.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { startDocuments } from './documents.ts';
import { freePort } from './engine.ts';
import { armedBoot, artefact } from './boot-http.ts';
import { IMAGE, INSTALLING, NODE, REST } from './boot-node.ts';
import { silentLog } from './silent-log.ts';

/** How long a worker may take to be ready on a busy machine. */
const READY_MS = 90_000;

const documents = await startDocuments();
const store = await openStore(documents.uri, { log: silentLog });
await initCluster(store, { frontend_address: '10.77.0.1' }, 'test');
await addNetwork(store, { name: 'cluster', network: '10.77.0.0', prefix: 24, ...(JSON.parse(process.argv[2] ?? '{}') as Partial<NewNetwork>) }, 'test');
const { _id: osimageId } = await addOsimage(store, { name: 'compute', path: '/opt/luna/os/compute' }, 'test');
await addGroup(store, { name: 'compute', osimage: 'compute', network: 'cluster' }, 'test');
const machines = [NODE, ...INSTALLING];
const nodes = await addNodes(store, { names: machines.map(({ name }) => name), group: 'compute' }, 'test');
for (const [i, { mac }] of machines.entries()) await bindMac(store, mac, nodes[i]?._id ?? '', 'test');
const rest = { ...REST, file: 'rest.cpio.zst', sha256: 'e'.repeat(64), torrent: 'rest.torrent' };
await publishArtefact(store, artefact({ _id: IMAGE._id, osimage: osimageId, osimageName: 'compute', rest, tree: { ...artefact().tree, infoHash: IMAGE.infoHash, size: IMAGE.size } }), 'test');
for (const [i, { name, nonce }] of INSTALLING.entries()) {
  await insertBoot(store, armedBoot({ _id: nonce, bootId: `boot-${name}`, nodeId: nodes[i + 1]?._id ?? '', nodeName: name, runId: `run-${name}`, artefact: IMAGE._id, state: 'live', link: 100 }));
}
await store.close();

const nowhere = await freePort();
const env = {
  PATH: process.env.PATH, LUNA_DATA: documents.dataDir, LUNA_CONF: '/dev/null', LUNA_MONGODB_URI: documents.uri, LUNA_TEMPORAL_ADDRESS: `127.0.0.1:${nowhere}`,
  NODE_COMPILE_CACHE: join(process.env.LUNA_CACHE ?? join(projectRoot, '.cache'), 'compile'),
};
const workers = ['api', 'boot'].map((name) => ({ name, child: spawn(process.execPath, [join(codeRoot, 'workers', `${name}${ownExtension}`)], { env, stdio: ['ignore', 'inherit', 'inherit'] }) }));

async function ready({ name, child }: { name: string; child: ChildProcess }): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while (!existsSync(join(documents.dataDir, 'run', `${name}.ready`))) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${name} did not start (exit code ${child.exitCode ?? 'none'})`);
    await sleep(50);
  }
}

async function stop(): Promise<void> {
  for (const { child } of workers) child.kill('SIGKILL');
  await documents.stop();
  process.exit(0);
}

process.on('SIGTERM', () => { void stop(); });
try {
  await Promise.all(workers.map(ready));
  process.stdout.write(`${JSON.stringify({ dataDir: documents.dataDir })}\n`);
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  await stop();
}
