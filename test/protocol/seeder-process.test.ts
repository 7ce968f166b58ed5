import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artefact } from '../../domain/osimage.ts';
import { projectRoot } from '../../infra/root.ts';
import { publishArtefact } from '../../infra/store/artefacts.ts';
import { initCluster } from '../../infra/store/clusters.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { addOsimage } from '../../infra/store/osimages.ts';
import { freePort, startDocuments } from '../support/documents.ts';
import { silentLog } from '../support/silent-log.ts';
import { packedTree } from '../support/torrent.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
let store: Store;
let child: ChildProcess;
let printed = '';
let torrents: string;

before(async () => {
  documents = await startDocuments();
  store = await openStore(documents.uri, { log: silentLog });
  torrents = join(documents.dataDir, 'torrents');
  await mkdir(torrents);
  const own = { LUNA_DATA: documents.dataDir, LUNA_CONF: '/dev/null', LUNA_MONGODB_URI: documents.uri, LUNA_SEEDER_PORT: String(await freePort()) };
  child = spawn(process.execPath, [join(projectRoot, 'workers/seeder.ts')], { env: { ...process.env, ...own }, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout?.on('data', (chunk: Buffer) => { printed += chunk.toString(); });
});
after(async () => {
  if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit');
  await store.close();
  await documents.stop();
});

/** Resolves when the process has logged the event for this packed version; rejects after 30 s. */
async function logged(event: string, artefact: Artefact): Promise<void> {
  const seen = (line: string): boolean => line.includes(`"event":"${event}"`) && line.includes(artefact.tree.infoHash);
  for (const until = Date.now() + 30_000; !printed.split('\n').some(seen); await sleep(50)) {
    if (Date.now() > until) assert.fail(`no ${event} in:\n${printed}`);
  }
}

test('the seeder seeds a version as soon as it is published, and drops it for the next one', async () => {
  await initCluster(store, { frontend_address: '127.0.0.1' }, 'test');
  const { _id: osimage } = await addOsimage(store, { name: 'debian12', path: '/srv/debian12' }, 'test');
  const first = { ...(await packedTree(torrents, 70_000)).artefact, _id: 'art1', osimage };
  const second = { ...(await packedTree(torrents, 80_000)).artefact, _id: 'art2', osimage };

  await publishArtefact(store, first, 'test');
  await logged('seeder.seeding', first);
  await publishArtefact(store, second, 'test');
  await logged('seeder.seeding', second);
  await logged('seeder.stopped', first);
  assert.match(await readFile(join(documents.dataDir, 'run/seeder.ready'), 'utf8'), /tcp:\/\/0\.0\.0\.0:/);

  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
