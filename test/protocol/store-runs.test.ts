import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunSummary } from '../../domain/provision.ts';
import { bootByNonce, bootOfNode, countBootsFrom, insertBoot, replaceBoot } from '../../infra/store/boots.ts';
import { appendEvidence, evidenceOfRuns } from '../../infra/store/evidence.ts';
import { newestRunsOf } from '../../infra/store/newest-runs.ts';
import { progressOf, putProgress } from '../../infra/store/progress.ts';
import { endRun, newestRuns, openRuns, runsOf, startRun } from '../../infra/store/runs.ts';
import { trimBoots, trimRuns } from '../../infra/store/trim-runs.ts';
import { armedBoot } from '../support/boot-http.ts';
import { startDocuments } from '../support/documents.ts';
import { seen } from '../support/evidence.ts';
import { provisionStatus } from '../support/provision-status.ts';
import { freshStore } from '../support/site-store.ts';

/** More than any one query names. */
const NODES = Array.from({ length: 60 }, (_, i) => `n${i}`);

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

const run = (nodeId: string, day: number): RunSummary => {
  const { percent: _p, rate: _r, peers: _n, elapsed: _e, message: _m, luna1: _l, ...summary } = provisionStatus({ nodeId, _id: `${nodeId}/${day}`, startedAt: `2026-01-0${day}T00:00:00.000Z` });
  return summary;
};

test('tells the newest run of each of many nodes, and of all', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  for (const nodeId of NODES) await startRun(store, run(nodeId, 2));
  for (const nodeId of NODES.slice(0, 5)) for (const day of [3, 1]) await startRun(store, run(nodeId, day));
  const newest = NODES.map((nodeId, i) => `${nodeId}/${i < 5 ? 3 : 2}`).sort();

  const ofMost = await newestRuns(store, NODES.slice(1));
  const ofAll = await newestRunsOf(store).now();

  assert.deepEqual(ofMost.map(({ _id }) => _id).sort(), newest.filter((id) => !id.startsWith('n0/')));
  assert.deepEqual(ofAll.map(({ _id }) => _id).sort(), newest);
});

test('follows the newest run of every node while runs begin and end', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const newest = newestRunsOf(store);
  const told = async (): Promise<string[]> => (await newest.now()).map(({ _id, status }) => `${_id} ${status}`).sort();
  const today = { startedAt: new Date().toISOString(), status: 'running' as const, endedAt: null };
  await startRun(store, run('a', 1));
  await startRun(store, { ...run('b', 1), status: 'running' });
  assert.deepEqual(await told(), [`a/1 ${run('a', 1).status}`, 'b/1 running']);

  await endRun(store, 'b/1', { status: 'failed', reason: '', next: '', stages: [], endedAt: '', stage: 'download' });
  await startRun(store, { ...run('a', 2), ...today });
  await startRun(store, { ...run('c', 1), ...today, status: 'completed' });

  assert.deepEqual(await told(), ['a/2 running', 'b/1 failed', 'c/1 completed']);
  assert.deepEqual(await Promise.all([told(), told()]), [await told(), await told()]);
});

test('notices new runs of which as many old ones were forgotten, and another database', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  let now = Date.parse('2026-01-03T00:05:00.000Z');
  const newest = newestRunsOf(store, () => now);
  const told = async (): Promise<string[]> => (await newest.now()).map(({ _id }) => _id).sort();
  const ended = (day: number) => ({ ...run('a', day), status: 'completed' as const });
  for (const day of [1, 2]) await startRun(store, ended(day));
  assert.deepEqual(await told(), ['a/2']);

  now += 120_000;
  await startRun(store, ended(3));
  await trimRuns(store, null, 2);
  assert.deepEqual(await told(), ['a/3']);
  await trimRuns(store, null, 1);
  assert.deepEqual(await told(), ['a/3']);
  await store.db.collection<RunSummary>('runs').deleteMany({});
  assert.deepEqual(await told(), []);
});

test('forgets the oldest runs of a node with their evidence, and none that is open', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const ended = { status: 'failed' as const };
  await startRun(store, run('a', 1));
  for (const day of [2, 3, 4, 5]) await startRun(store, { ...run('a', day), ...ended });
  for (const day of [1, 2]) await startRun(store, { ...run('b', day), ...ended });
  await appendEvidence(store, ['a/1', 'a/2', 'a/3', 'a/5', 'b/1'].map((runId) => ({ ...seen('download', 'ok'), runId, _id: runId })));

  assert.equal(await trimRuns(store, '2026-01-03T00:00:00.000Z', 1), 3);
  assert.equal(await trimRuns(store, '2026-01-03T00:00:00.000Z', 1), 0);
  assert.equal(await trimRuns(store, null, 1), 1);

  assert.deepEqual((await runsOf(store, 'a', 9)).map(({ _id }) => _id), ['a/5', 'a/1']);
  assert.deepEqual((await runsOf(store, 'b', 9)).map(({ _id }) => _id), ['b/2']);
  assert.deepEqual((await openRuns(store)).map(({ _id }) => _id), ['a/1']);
  assert.deepEqual((await evidenceOfRuns(store, ['a/1', 'a/2', 'a/3', 'a/5', 'b/1'])).map(({ runId }) => runId).sort(), ['a/1', 'a/5']);
});

test('forgets boot identities that have been dead for long, and those alone', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const boot = (_id: string, state: 'dead' | 'held', day: number) => ({ ...armedBoot({ state, deadline: `2026-01-0${day}T00:00:00.000Z` }), _id });
  for (const one of [boot('old', 'dead', 1), boot('held', 'held', 1), boot('fresh', 'dead', 3)]) await insertBoot(store, one);

  assert.equal(await trimBoots(store, '2026-01-02T00:00:00.000Z'), 1);

  assert.deepEqual([await bootByNonce(store, 'old'), (await bootByNonce(store, 'held'))?.state, (await bootByNonce(store, 'fresh'))?.state], [null, 'held', 'dead']);
});

test('tells the last words of many nodes, none of those that said nothing', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const words = NODES.slice(0, 40).map((nodeId) => ({ nodeId, bootId: 'b', stage: 'download' as const, attempt: 1, percent: 5, rate: null, peers: null, message: nodeId, at: '' }));
  await putProgress(store, words);

  const told = await progressOf(store, NODES);

  assert.deepEqual([...told.values()].map(({ message }) => message).sort(), NODES.slice(0, 40).sort());
});

test('tells the evidence of many runs, oldest first', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  await appendEvidence(store, NODES.map((runId, i) => ({ ...seen('download', 'ok', { second: NODES.length - 1 - i }), runId, _id: runId })));

  const told = await evidenceOfRuns(store, NODES);

  assert.deepEqual(told.map(({ runId }) => runId), NODES.toReversed());
  assert.deepEqual(await evidenceOfRuns(store, []), []);
});

test('counts boots of a run’s living identity only', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const boot = armedBoot({ poweredAt: null });
  await insertBoot(store, { ...boot, _id: 'old', state: 'dead' });
  await insertBoot(store, { ...boot, _id: 'new' });

  await countBootsFrom(store, boot.runId, '2026-01-01T00:00:00.000Z', 1);

  const [old, fresh] = [await bootByNonce(store, 'old'), await bootByNonce(store, 'new')];
  assert.deepEqual([old?.poweredAt, old?.path], [null, 0]);
  assert.deepEqual([fresh?.poweredAt, fresh?.path], ['2026-01-01T00:00:00.000Z', 1]);
});

test('replaces the identity of a machine that restarted once, however often it asks', async (t) => {
  const store = await freshStore(documents.uri);
  t.after(() => store.close());
  const boot = armedBoot({ state: 'live' });
  await insertBoot(store, boot);
  const names = Array.from({ length: 8 }, (_, i) => `fresh${i}`);

  const counting = await Promise.all(names.map((_id) => replaceBoot(store, boot, { ...boot, _id, state: 'armed' })));

  const alive = (await Promise.all([boot._id, ...names].map((nonce) => bootByNonce(store, nonce)))).filter((one) => one?.state !== 'dead');
  assert.equal(alive.length, 1);
  assert.equal((await bootOfNode(store, boot.nodeId))?._id, alive[0]?._id);
  assert.ok(counting.some(({ _id }) => _id === alive[0]?._id));
});
