import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { GroupView, NetworkAddressesView, OsimageView } from '../../domain/views.ts';
import type { Store } from '../../infra/store/connect.ts';
import { startApi } from '../support/api.ts';
import { brief, type CallApi } from '../support/call-api.ts';
import { startDocuments } from '../support/documents.ts';
import { siteStore } from '../support/site-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
let store: Store;
let api: Awaited<ReturnType<typeof startApi>>;
let call: CallApi;
before(async () => {
  documents = await startDocuments();
  store = await siteStore(documents.uri);
  api = await startApi(store);
  call = api.call;
});
after(async () => {
  await api?.stop();
  await store?.close();
  await documents?.stop();
});

/** A tree with two kernels. */
function tree(): string {
  const path = join(temporaryFolder('tree'), 'os');
  for (const kernver of ['6.1.0-9', '6.1.0-28']) {
    mkdirSync(join(path, 'lib/modules', kernver), { recursive: true });
    writeFileSync(join(path, 'lib/modules', kernver, 'vmlinuz'), kernver);
  }
  return path;
}

test('copies an image with its tree, and leaves nothing behind when it can’t', async () => {
  const path = tree();
  await call('POST', '/osimages', { name: 'debian', path, kernver: '6.1.0-9', kernopts: 'quiet', comment: 'plain' });

  const made = await call('POST', '/osimages/debian/clone', { to: 'gpu', path: `${path}-gpu` });

  const { rev: _rev, ...gpu } = made.json as OsimageView;
  const { rev: _old, ...debian } = (await call('GET', '/osimages/debian')).json as OsimageView;
  assert.deepEqual(gpu, { ...debian, name: 'gpu', path: `${path}-gpu` });
  assert.equal(readFileSync(`${path}-gpu/lib/modules/6.1.0-28/vmlinuz`, 'utf8'), '6.1.0-28');
  const table: [object, RegExp][] = [
    [{ to: 'gpu', path: `${path}-2` }, /^409 taken the name gpu is taken by osimage gpu/],
    [{ to: 'two', path: `${path}-gpu` }, /^409 taken .* is the tree of osimage gpu/],
    [{ to: 'two', path: join(path, 'inside') }, /^400 invalid .* lies in the tree that is copied/],
    [{ to: 'two', path: `${path}-gpu//` }, /^409 taken .* is the tree of osimage gpu/],
    [{ to: 'two', path: join(api.folder, 'two') }, /^400 invalid path: .* lies in luna's own directory/],
    [{ to: 'a/b', path: `${path}-2` }, /^400 invalid to: /],
  ];
  for (const [body, words] of table) assert.match(brief(await call('POST', '/osimages/debian/clone', body)), words);
  assert.equal(existsSync(`${path}-2`), false);
});

test('lists the kernels of an image and takes none that is not there', async () => {
  const path = tree();
  await call('POST', '/osimages', { name: 'fresh', path });
  const kernels = async (): Promise<string> => brief(await call('GET', '/osimages/fresh/kernels'));

  assert.equal(await kernels(), '200 [{"kernver":"6.1.0-9","current":false,"installed":true},{"kernver":"6.1.0-28","current":true,"installed":true}]');
  // A kernel that is built by hand may come later, as in Luna 1.
  await call('PATCH', '/osimages/fresh', { kernver: '6.6.1' });
  assert.match(await kernels(), /"6\.1\.0-28","current":false,"installed":true\},\{"kernver":"6\.6\.1","current":true,"installed":false\}/);
  assert.match(brief(await call('POST', '/osimages', { name: 'x', path: `${path}/`, kernver: '5.0' })), /^400 invalid kernver: .* has no kernel 5\.0; it has 6\.1\.0-9, 6\.1\.0-28/);
});

test('takes no tree twice, none of the controller’s own directories, and none of luna’s', async () => {
  const path = tree();
  await call('POST', '/osimages', { name: 'mine', path: `${path}/` });

  assert.equal(((await call('GET', '/osimages/mine')).json as OsimageView).path, path);
  const table: [object, RegExp][] = [
    [{ name: 'y', path: `//${path}` }, /^409 taken .* is the tree of osimage mine/],
    [{ name: 'y', path: '/' }, /^400 invalid path: \/ is the controller's own/],
    [{ name: 'y', path: `${path}/../os` }, /^400 invalid path: .* must be written without \. and \.\./],
    [{ name: 'y', path: api.folder }, /^400 invalid path: .* holds what is luna's own/],
    [{ name: 'y', path: `${api.folder}/os` }, /^400 invalid path: .* lies in luna's own directory/],
  ];
  for (const [body, words] of table) assert.match(brief(await call('POST', '/osimages', body)), words);
  assert.match(brief(await call('PATCH', '/osimages/mine', { path: '/etc/' })), /^400 invalid path: \/etc is the controller's own/);
});

test('lets an image be whose path an older luna took, until its path is changed', async () => {
  const path = tree();
  await call('POST', '/osimages', { name: 'old', path });
  await call('POST', '/osimages', { name: 'older', path: `${path}-2` });
  const stored = store.db.collection<{ name: string; path: string }>('osimages');
  await stored.updateOne({ name: 'old' }, { $set: { path: '/' } });
  await stored.updateOne({ name: 'older' }, { $set: { path: `${path}/` } });
  store.memory.known = null;

  assert.match(brief(await call('PATCH', '/osimages/old', { kernopts: 'quiet' })), /^200 .*"path":"\/",.*"kernopts":"quiet"/);
  assert.match(brief(await call('PATCH', '/osimages/old', { path })), /^409 taken .* is the tree of osimage older/);
  assert.match(brief(await call('PATCH', '/osimages/older', { path: `${path}/` })), new RegExp(`^200 .*"path":"${path}"`));
});

test('copies a group, first as a trial', async () => {
  await call('PATCH', '/groups/compute', { interface: { name: 'BOOTIF', op: 'set', mtu: 9000 }, comment: 'racks 1 to 4' });

  const tried = await call('POST', '/groups/compute/clone?dry_run=1', { to: 'login' });
  assert.match(brief(tried), /^200 .*"login"/);
  assert.match(brief(await call('GET', '/groups/login')), /^404/);
  const made = await call('POST', '/groups/compute/clone', { to: 'login' });

  const original = (await call('GET', '/groups/compute')).json as GroupView;
  assert.deepEqual(made.json, { ...original, name: 'login', rev: 0 });
  assert.match(brief(await call('POST', '/groups/nope/clone', { to: 'x' })), /^404 not-found there is no group named nope/);
});

test('tells who has which address of a network, and which MAC stands where', async () => {
  await call('PATCH', '/networks/ipmi', { reserve: [{ ip: '10.31.0.9', name: 'pdus' }] });
  await call('POST', '/nodes', { names: ['node001'], group: 'compute' });

  const { members, dynamic, free } = (await call('GET', '/networks/ipmi/addresses')).json as NetworkAddressesView;

  assert.deepEqual(members.map(({ ip, kind, name, why }) => `${ip} ${kind} ${name} ${why ?? ''}`), [
    '10.31.0.1 switch switch01 ', '10.31.0.2 node node001 ', '10.31.0.9 network ipmi pdus', '10.31.0.254 network ipmi name server',
  ]);
  assert.deepEqual([dynamic, free], [null, [{ start: '10.31.0.3', end: '10.31.0.8' }, { start: '10.31.0.10', end: '10.31.0.253' }]]);
  assert.equal(brief(await call('GET', '/macs')), '200 [{"switch":"gone","port":7,"portname":null,"mac":"52:54:00:00:00:77","confport":false,"node":null}]');
});
