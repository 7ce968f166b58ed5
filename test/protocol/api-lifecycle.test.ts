import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { after, before, test, type TestContext } from 'node:test';
import type { RunSummary } from '../../domain/provision.ts';
import type { ProvisionStatus } from '../../domain/run-views.ts';
import type { NodeView, OsimageView } from '../../domain/views.ts';
import { publishArtefact } from '../../infra/store/artefacts.ts';
import { openStore, type Store } from '../../infra/store/connect.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { putProgress } from '../../infra/store/progress.ts';
import { startRun } from '../../infra/store/runs.ts';
import { recordSightings } from '../../infra/store/sightings.ts';
import { loadSite } from '../../infra/store/site.ts';
import { startApi } from '../support/api.ts';
import { artefact } from '../support/boot-http.ts';
import { brief } from '../support/call-api.ts';
import { startDocuments } from '../support/documents.ts';
import { silentLog } from '../support/silent-log.ts';
import { siteStore, testSecrets } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

async function served(t: TestContext): Promise<Awaited<ReturnType<typeof startApi>> & { store: Store; ids: string[] }> {
  const store = await siteStore(documents.uri);
  const nodes = await addNodes(store, { names: ['node001', 'node002'], group: 'compute' }, 'test');
  const api = await startApi(store);
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  return { ...api, store, ids: nodes.map(({ _id }) => _id) };
}

const run = (nodeId: string, change: Partial<RunSummary>): RunSummary => ({
  _id: `run-${nodeId}`, workflowId: `provision/${nodeId}`, nodeId, nodeName: 'node001', groupName: 'compute', osimageName: 'compute', status: 'running',
  stage: 'prescript', reason: '', next: '', startedAt: '2026-01-01T00:00:00.000Z', endedAt: null,
  stages: [{ stage: 'prescript', startedAt: '2026-01-01T00:00:00.000Z', endedAt: null, status: 'running' }], ...change,
});

test('answers for each node it was asked about, in that order', async (t) => {
  const { call, lifecycle, ids } = await served(t);

  const started = await call('POST', '/provision', { nodes: ['node002', 'nope', 'node001'], retry: true, from: 'postscript' });
  const cancelled = await call('POST', '/provision/cancel', { nodes: ['nope'] });
  await call('POST', '/power', { nodes: ['node001'], action: 'status' });
  const staged = await call('POST', '/provision/node001/stage', { action: 'skip' });

  assert.deepEqual(started.json, [
    { node: 'node002', workflowId: `provision/${ids[1] ?? ''}`, runId: 'run', attached: false },
    { node: 'nope', error: 'there is no node named nope' },
    { node: 'node001', workflowId: `provision/${ids[0] ?? ''}`, runId: 'run', attached: false },
  ]);
  assert.deepEqual(cancelled.json, [{ node: 'nope', error: 'there is no node named nope' }]);
  assert.equal(brief(staged), '200 "download"');
  assert.deepEqual(lifecycle.asked, ['provision retry=true from=postscript node002,node001', 'power status node001', 'stage skip node001']);
});

test('retries no node whose last run took it to its own system', async (t) => {
  const { call, lifecycle, store, ids } = await served(t);
  await startRun(store, run(ids[0] ?? '', { status: 'completed', stage: 'ready' }));

  const retried = await call('POST', '/provision', { nodes: ['node001', 'node002'], retry: true });
  await call('POST', '/provision', { nodes: ['node001'] });

  assert.match(JSON.stringify(retried.json), /"error":"the last provision of node001 completed, there is nothing to retry; to install it again: luna provision node001"/);
  assert.deepEqual(lifecycle.asked, ['provision retry=true from=- node002', 'provision retry=false from=- node001']);
});

test('only tells what orders would do when they are tried', async (t) => {
  const { call, lifecycle } = await served(t);

  const told = await Promise.all([
    call('POST', '/provision?dry_run=1', { nodes: ['node001', 'node002'] }), call('POST', '/provision/cancel?dry_run=1', { nodes: ['node001'] }),
    call('POST', '/power?dry_run=1', { nodes: ['node001'], action: 'off' }), call('POST', '/provision/node001/stage?dry_run=1', { action: 'skip' }),
    call('POST', '/osimages/compute/pack?dry_run=1'), call('POST', '/tokens?dry_run=1', { name: 'ci', role: 'viewer' }),
  ]);
  const unknown = await call('POST', '/power?dry_run=1', { nodes: ['nope'], action: 'off' });

  assert.deepEqual(told.map(brief).map((text) => text.replace(/^200 \{"diff":\[\],"consequences":\["|"\]\}$/g, '')), [
    "Nodes node[001-002] (2) can't be installed: osimage compute is not packed.",
    'Node node001 is not being installed: nothing happens.',
    'Node node001 is powered off at once, whatever runs there.',
    'Node node001 is not being installed: there is no stage to skip.',
    'Osimage compute is packed from /opt/luna/os/compute; nodes node[001-002] (2) get it at the next installation.',
    'A token ci with the role viewer is made; it does not expire.',
  ]);
  assert.equal(brief(unknown), '404 not-found there is no node named nope (luna node list)');
  assert.deepEqual(lifecycle.asked, []);
  assert.deepEqual((await call('GET', '/tokens')).json, []);
});

test('refuses orders that make no sense', async (t) => {
  const { call, lifecycle } = await served(t);

  const table: [string, string, unknown, RegExp][] = [
    ['POST', '/provision', { nodes: [] }, /^400 invalid nodes: name one node at least$/],
    ['POST', '/provision', { nodes: ['node001'], from: 'unpack' }, /^400 invalid from: a new run begins at its beginning/],
    ['POST', '/provision', { nodes: ['node001'], retry: true, from: 'lunch' }, /^400 invalid from: must be a stage: plan, arm/],
    ['POST', '/power', { nodes: ['node001'], action: 'fly' }, /^400 invalid action: /],
    ['POST', '/provision/nope/stage', { action: 'retry' }, /^404 not-found there is no node named nope/],
    ['GET', '/provision?nodes=node001,nope', undefined, /^404 not-found there is no node named nope/],
    ['POST', '/osimages/compute/pack', undefined, /^503 unavailable Temporal did not answer \(luna status\)$/],
    ['GET', '/osimages/nope/pack', undefined, /^404 not-found there is no osimage named nope/],
    ['DELETE', '/osimages/compute/pack', undefined, /^409 conflict osimage compute is not being packed/],
  ];
  for (const [method, path, body, words] of table) assert.match(brief(await call(method, path, body)), words);
  assert.deepEqual(lifecycle.asked, []);
  assert.match(brief(await call('GET', '/osimages/compute/pack')), /"phase":"tree","percent":7/);
});

test('shows a version as soon as it says that it is packed', async (t) => {
  const { call, lifecycle, store } = await served(t);
  const packer = await openStore(documents.uri, { log: silentLog, database: store.db.databaseName, secrets: testSecrets });
  t.after(() => packer.close());
  const [osimage] = (await loadSite(packer)).osimages.values();
  lifecycle.packStatus = async () => {
    await publishArtefact(packer, artefact({ osimage: osimage?._id ?? '', osimageName: 'compute' }), 'images');
    return { state: 'done', phase: 'done', percent: 100, message: '' };
  };

  await call('GET', '/osimages/compute/pack');
  const { json } = await call('GET', '/osimages/compute');

  assert.equal((json as OsimageView).current, 'art1');
});

test('shows where runs are and how they ended', async (t) => {
  const { call, store, ids: [first = '', second = ''] } = await served(t);
  await startRun(store, run(first, {}));
  await startRun(store, run(second, { nodeName: 'node002', status: 'failed', stage: 'power', reason: 'BMC refused the password', next: 'luna bmcsetup change', endedAt: '2026-01-01T00:00:30.000Z' }));
  await putProgress(store, [{ nodeId: first, bootId: 'b', stage: 'download', attempt: 1, percent: 66.6, rate: 11e6, peers: 3, message: 'swarm', at: '2026-01-01T00:01:00.000Z' }]);

  const [running, failed] = (await call('GET', '/provision')).json as ProvisionStatus[];
  const named = (await call('GET', '/provision?nodes=node002')).json as ProvisionStatus[];
  const onePage = await call('GET', '/provision?limit=1');
  const node = (await call('GET', '/nodes/node002')).json as NodeView;
  const history = (await call('GET', '/provision/node001/history')).json as RunSummary[];

  assert.deepEqual([running?.nodeName, running?.stage, running?.percent, running?.luna1, running?.message], ['node001', 'download', 66.6, 'install.download', 'swarm']);
  assert.deepEqual([failed?.nodeName, failed?.stage, failed?.percent, failed?.elapsed, failed?.reason], ['node002', 'power', null, 30, 'BMC refused the password']);
  assert.deepEqual(named.map(({ nodeName }) => nodeName), ['node002']);
  assert.deepEqual([(onePage.json as ProvisionStatus[]).map(({ nodeName }) => nodeName), onePage.headers.link], [['node001'], '</api/v1/provision?limit=1&after=node001>; rel="next"']);
  assert.deepEqual(node.status, { run: 'failed', stage: 'power', luna1: null, at: '2026-01-01T00:00:30.000Z' });
  assert.deepEqual(history.map(({ status }) => status), ['running']);
  assert.equal(brief(await call('GET', '/provision/node001/log')), '200 []');
  assert.match(brief(await call('DELETE', '/nodes/node001')), /^409 conflict node node001 is being provisioned/);
});

test('lists machines that fit no node', async (t) => {
  const { call, store } = await served(t);
  const [network = ''] = (await loadSite(store)).networks.keys();
  const seen = (mac: string) => ({ mac, networkId: network, ip: '10.30.192.1', arch: 7, at: '2026-01-01T00:00:00.000Z', where: 'switch01 port 9' });
  await recordSightings(store, [seen('52:54:00:00:00:01'), seen('52:54:00:00:00:02')]);
  await call('PATCH', '/nodes/node001', { mac: '52:54:00:00:00:01' });

  const unknown = (await call('GET', '/unknown')).json;

  assert.deepEqual(unknown, [{
    mac: '52:54:00:00:00:02', network: 'cluster', ip: '10.30.192.1', arch: 7, where: 'switch01 port 9',
    firstSeen: '2026-01-01T00:00:00.000Z', lastSeen: '2026-01-01T00:00:00.000Z',
  }]);
});

test('serves root by the socket and others by the token alone', async (t) => {
  const { callAs: by, socketPath, tokenFile } = await served(t);
  const token = readFileSync(tokenFile, 'utf8').trim();

  assert.equal(statSync(socketPath).mode & 0o777, 0o600);
  assert.equal(statSync(tokenFile).mode & 0o777, 0o600);
  assert.equal(brief(await by()('GET', '/healthz')), '200 {"ok":true}');
  for (const wrong of [undefined, 'Bearer', 'Bearer nope', `Bearer ${token}x`, `Basic ${token}`]) {
    assert.match(brief(await by(wrong)('GET', '/nodes')), /^401 forbidden the token is (missing|wrong or revoked)/);
  }
  assert.equal((await by(`Bearer ${token}`)('GET', '/nodes')).status, 200);
});

test('tells how the database and the workflow engine are', async (t) => {
  const { call } = await served(t);

  const { parts } = (await call('GET', '/status')).json as { parts: Record<string, { ok: boolean; message: string }> };

  assert.deepEqual([parts['store']?.ok, parts['temporal']?.ok, parts['temporal']?.message], [true, false, 'away']);
});

test('renders what a node would get, without its one-time identity', async (t) => {
  const { call } = await served(t);
  await call('PATCH', '/nodes/node001', { localboot: true });

  const boot = await call('GET', '/nodes/node001/script/boot');

  assert.equal(boot.status, 200);
  assert.match(boot.text, /^#!ipxe\n[\s\S]*node001/);
});
