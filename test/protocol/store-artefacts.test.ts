import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artefact } from '../../domain/osimage.ts';
import { allArtefacts, publishArtefact } from '../../infra/store/artefacts.ts';
import { insertBoot } from '../../infra/store/boots.ts';
import type { Store } from '../../infra/store/connect.ts';
import { removeGroup } from '../../infra/store/groups.ts';
import { historyOf } from '../../infra/store/history.ts';
import { removeOsimage } from '../../infra/store/osimages.ts';
import { startRun } from '../../infra/store/runs.ts';
import { loadSite } from '../../infra/store/site.ts';
import { undo } from '../../infra/store/undo.ts';
import { findUnusedArtefacts } from '../../infra/store/unused-artefacts.ts';
import { tidyImages } from '../../workers/tidy-images.ts';
import { armedBoot } from '../support/boot-http.ts';
import { startDocuments } from '../support/documents.ts';
import { packedVersion, placeVersion } from '../support/packed-version.ts';
import { provisionStatus } from '../support/provision-status.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { refused } from '../support/refused.ts';
import { siteStore } from '../support/site-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

/** A site whose image `compute` was packed as `digits`, one after the other, the last in use. */
async function packedSite(t: TestContext, digits: string): Promise<Store> {
  const store = await siteStore(documents.uri);
  t.after(() => store.close());
  const [osimage] = (await loadSite(store)).osimages.values();
  for (let i = 0; i < digits.length; i++) await publishArtefact(store, versionOf(osimage?._id ?? '', digits.charAt(i), i), 'images');
  return store;
}

function versionOf(osimage: string, digit: string, day: number): Artefact {
  return packedVersion(digit, { osimage, osimageName: 'compute', packedAt: `2026-01-0${day + 1}T00:00:00.000Z` });
}

const ids = (artefacts: readonly Artefact[]): string => artefacts.map(({ _id }) => _id[0]).sort().join('');
const newestTx = async (store: Store): Promise<string> => (await historyOf(store, { limit: 1 }))[0]?.tx ?? '';

test('finds the packed versions that neither an image nor a machine uses', async (t) => {
  const store = await packedSite(t, '12345');
  assert.equal(ids(await findUnusedArtefacts(store, Date.now())), '', 'an image pointed at all of them a moment ago');
  const later = Date.now() + 2 * HOUR;
  assert.equal(ids(await findUnusedArtefacts(store, later)), '12');

  await insertBoot(store, armedBoot({ _id: 'dead', runId: 'r1', artefact: '2'.repeat(32), state: 'dead' }));
  await insertBoot(store, armedBoot({ _id: 'held', runId: 'r2', artefact: '1'.repeat(32), state: 'held', deadline: new Date().toISOString() }));
  assert.equal(ids(await findUnusedArtefacts(store, later)), '2');
  assert.equal(ids(await findUnusedArtefacts(store, later + 8 * DAY)), '12');

  const { percent: _p, rate: _r, peers: _n, elapsed: _e, message: _m, luna1: _l, ...run } = provisionStatus({ osimageName: 'compute' });
  await startRun(store, run);
  assert.equal(ids(await findUnusedArtefacts(store, later)), '', 'a run has a plan and no boot yet');
});

test('forgets unused versions and their files, and never while a pack goes on', async (t) => {
  const store = await packedSite(t, '1234');
  const log = recordedLog();
  const data = temporaryFolder('tidy');
  const dirs = { images: join(data, 'images'), torrents: join(data, 'torrents'), boot: join(data, 'boot') };
  for (const folder of Object.values(dirs)) mkdirSync(folder);
  for (const artefact of await allArtefacts(store)) await placeVersion(dirs, artefact);
  const stopping = new AbortController();
  const tidy = tidyImages({ store, dirs, log, signal: stopping.signal, now: () => Date.now() + 2 * HOUR });
  const there = (): string => readdirSync(dirs.images).map((name) => name[0]).sort().join('');

  await tidy.around(async () => {
    await tidy.once();
    assert.equal(there(), '1234');
  });
  for (let i = 0; there() !== '234' && i < 500; i++) await sleep(20);
  await tidy.once();
  stopping.abort();
  await tidy.stop();

  assert.equal(there(), '234');
  assert.equal(ids(await allArtefacts(store)), '234');
  assert.deepEqual(log.events, [{ event: 'pack.tidied', data: { versions: [`compute ${'1'.repeat(32)}`], files: 10, bytes: 90 } }]);
});

test('takes a pack back while its version is there, and says what to do when it is not', async (t) => {
  const store = await packedSite(t, '123');
  const pack = await newestTx(store);
  const { tx: back } = await undo(store, pack, 'root');
  assert.equal([...(await loadSite(store)).osimages.values()][0]?.current, '2'.repeat(32));

  await store.db.collection<Artefact>('artefacts').deleteOne({ _id: '3'.repeat(32) });
  await assert.rejects(undo(store, back, 'root'), refused('conflict', /the packed version of osimage compute is gone/));
});

test('brings a removed image back with its packed version for a week, and then as one to be packed', async (t) => {
  const store = await packedSite(t, '1234');
  await removeGroup(store, 'compute', 'root');
  await removeOsimage(store, 'compute', 'root');
  const removal = await newestTx(store);
  assert.equal(ids(await findUnusedArtefacts(store, Date.now() + 6 * DAY)), '12');
  assert.equal(ids(await findUnusedArtefacts(store, Date.now() + 8 * DAY)), '1234');

  const undone = await undo(store, removal, 'root');
  assert.deepEqual(undone.unpacked, []);
  assert.equal([...(await loadSite(store)).osimages.values()][0]?.current, '4'.repeat(32));

  await undo(store, undone.tx, 'root');
  await store.db.collection('artefacts').deleteMany({});
  assert.deepEqual((await undo(store, await newestTx(store), 'root')).unpacked, ['compute']);
  assert.equal([...(await loadSite(store)).osimages.values()][0]?.current, null);
});
