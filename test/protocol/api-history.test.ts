import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ChangeView } from '../../domain/change-view.ts';
import { addNodes } from '../../infra/store/nodes.ts';
import { startApi } from '../support/api.ts';
import { brief } from '../support/call-api.ts';
import { startDocuments } from '../support/documents.ts';
import { siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

async function started(t: { after: (work: () => Promise<unknown>) => void }) {
  const store = await siteStore(documents.uri);
  await addNodes(store, { names: ['node001', 'node002', 'node003'], group: 'compute' }, 'test');
  const api = await startApi(store);
  t.after(async () => { await api.stop(); await store.close(); });
  return { store, call: api.call };
}

/** `node001 service=true→false`, one per line of the history. */
const told = (json: unknown): string[] => (json as ChangeView[]).map(({ name, diff }) =>
  `${name} ${Object.entries(diff).map(([field, [from, to]]) => `${field}=${JSON.stringify(from)}→${JSON.stringify(to)}`).join(' ')}`);

test('changes many nodes in one call, shows it in the history and takes it back', async (t) => {
  const { call } = await started(t);

  const done = await call('POST', '/nodes/change', { names: ['node001', 'node003'], changes: { service: true } });
  assert.equal(brief(done), '200 [{"name":"node001","ok":true},{"name":"node003","ok":true}]');
  const history = await call('GET', '/changes?limit=2');
  assert.deepEqual(told(history.json), ['node003 service=false→true', 'node001 service=false→true']);
  const [newest] = history.json as ChangeView[];
  assert.equal(newest?.by, 'root');

  const undone = await call('POST', `/changes/${newest.tx}/undo`);
  assert.equal((undone.json as { lines: number }).lines, 2);
  assert.deepEqual(told((await call('GET', '/changes?kind=node&name=node001&limit=1')).json), ['node001 service=true→false']);
  assert.match(brief(await call('POST', '/changes/last/undo')), /"lines":2/);
  assert.equal(((await call('GET', '/nodes/node001')).json as { service: boolean }).service, true);
  assert.match(brief(await call('POST', `/changes/${newest.tx}/undo`)), /^200/);
  await call('POST', '/bmcsetups', { name: 'spare', password: 'x' });
  await call('DELETE', '/bmcsetups/spare');
  const back = (await call('POST', '/changes/last/undo')).json as { objects: string; secrets: object[] };
  assert.deepEqual([back.objects, back.secrets], ['bmcsetup spare', [{ kind: 'bmcsetup', name: 'spare' }]]);
  assert.match(brief(await call('POST', '/changes/0000/undo')), /^404 not-found there is no change 0000 \(luna history\)/);
});

test('takes nothing back that would leave a node with an address too few or too many', async (t) => {
  const { call } = await started(t);
  for (const name of ['eth1', 'eth2']) await call('POST', '/groups', { name: `with-${name}`, osimage: 'compute', network: 'cluster', interfaces: [name] });
  await call('PATCH', '/groups/with-eth1', { interface: { name: 'eth1', op: 'setnet', network: 'ipmi' } });
  for (const name of ['eth1', 'eth2']) {
    await call('PATCH', '/nodes/node001', { group: `with-${name}` });
    await call('PATCH', '/nodes/node001', { group: 'compute' });
    const [moved] = (await call('GET', '/changes?kind=node&limit=1')).json as ChangeView[];
    await call('PATCH', `/groups/with-${name}`, { interface: { name, op: name === 'eth1' ? 'delnet' : 'setnet', network: 'ipmi' } });

    assert.match(brief(await call('POST', `/changes/${moved?.tx ?? ''}/undo`)), /^409 conflict it can't be taken back: then node node001 has (an address on an interface|no address in network ipmi on eth2)/);
  }
});

test('pages through the history', async (t) => {
  const { call } = await started(t);
  await call('PATCH', '/nodes/node001', { comment: 'one' });
  await call('PATCH', '/nodes/node002', { comment: 'two' });

  const [first] = (await call('GET', '/changes?limit=1')).json as ChangeView[];
  const [second] = (await call('GET', `/changes?limit=1&after=${encodeURIComponent(first?._id ?? '')}`)).json as ChangeView[];

  assert.deepEqual([first?.name, second?.name], ['node002', 'node001']);
});

test('tells what a change would do, and does nothing', async (t) => {
  const { call, store } = await started(t);
  const before = await store.db.collection('changes').countDocuments();

  const added = await call('POST', '/nodes?dry_run=1', { names: ['node004'], group: 'compute' });
  const changed = await call('PATCH', '/groups/compute?dry_run=1', { partscript: 'mount /dev/sda1 /sysroot' });
  const many = await call('POST', '/nodes/change?dry_run=1', { names: ['node001', 'node002'], changes: { localboot: true } });
  const removed = await call('DELETE', '/nodes/node001?dry_run=1');

  assert.deepEqual((added.json as { diff: { name: string; op: string }[] }).diff.map(({ name, op }) => `${op} ${name}`), ['add node004']);
  assert.deepEqual((changed.json as { diff: { diff: object }[] }).diff[0]?.diff, { partscript: ['mount -t tmpfs tmpfs /sysroot', 'mount /dev/sda1 /sysroot'] });
  assert.equal((many.json as { diff: object[] }).diff.length, 2);
  assert.equal((removed.json as { diff: { op: string }[] }).diff[0]?.op, 'remove');
  assert.ok((removed.json as { consequences: string[] }).consequences.length > 0);
  assert.match(brief(await call('DELETE', '/groups/compute?dry_run=1')), /^409 in-use/);
  assert.equal(await store.db.collection('changes').countDocuments(), before);
  assert.equal(await store.db.collection('nodes').countDocuments(), 3);
  assert.match(brief(await call('GET', '/nodes?dry_run=1')), /^400 invalid unknown field: dry_run/);
});

test('never tells a secret in the history', async (t) => {
  const { call } = await started(t);
  await call('PATCH', '/bmcsetups/base', { password: 'hunter2' });

  const { json, text } = await call('GET', '/changes?limit=1000');

  assert.deepEqual(told(json)[0], 'base password=null→"changed"');
  assert.doesNotMatch(text, /hunter2|secret-password|secret-community/);
  assert.match(brief(await call('POST', '/changes/last/undo')), /^409 conflict the password that bmcsetup base had before isn't kept/);
});
