import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiRoutes } from '../../infra/api/routes.ts';
import { changeObjects } from '../../infra/store/change-objects.ts';
import { readSecret, rotateSecretsKey, sealSecrets, writeSecret } from '../../infra/store/secrets.ts';
import { servedSite } from '../support/api.ts';
import { brief } from '../support/call-api.ts';
import { readEvents } from '../support/event-reader.ts';
import { recordedLog } from '../support/recorded-log.ts';

const SECRET = 'Hush7391';
const answers: string[] = [];
const log = recordedLog();
const site = servedSite({ log });

const secretOf = async (collection: 'bmcsetups' | 'switches', kind: 'bmcsetup' | 'switch', name: string): Promise<string | null> =>
  readSecret(site.store(), kind, (await site.store().db.collection<{ _id: string; name: string }>(collection).findOne({ name }))?._id ?? '');

test('keeps a secret out of the database, its files, the log, and every answer', async () => {
  const { api, store, documents } = { api: site.api(), store: site.store(), documents: site.documents() };
  const sent: [string, string, unknown][] = [
    ['POST', '/bmcsetups', { name: 'new', password: SECRET }],
    ['PATCH', '/bmcsetups/base', { password: SECRET, comment: 'x' }],
    ['PATCH', '/switches/switch01', { read: SECRET }],
    ['POST', '/switches', { name: 'switch02', network: 'ipmi', ip: '10.31.0.2', read: SECRET }],
    ['PATCH', '/bmcsetups/base?dry_run=1', { password: `${SECRET}9` }],
    ['POST', '/bmcsetups', { name: 'refused', password: `${SECRET}${'x'.repeat(30)}` }],
    ['POST', '/bmcsetups', { name: 'refused', pasword: SECRET }],
    ['POST', '/bmcsetups', `{"name": "refused", "password": "${SECRET}" oops`],
    ['POST', '/site', `luna: 2\nbmcsetups: {base: {password: ${SECRET}}}\n`],
    ['POST', '/site', `luna: 2\nbmcsetups: {base: {password: ${SECRET}, pasword: ${SECRET}}}\n`],
    ['POST', '/site', `luna: 2\nbmcsetups: {base: {password: "${SECRET}}}\n`],
  ];
  for (const [method, path, body] of sent) answers.push((await api.call(method, path, body)).text);
  const names: Record<string, string> = { bmcsetups: 'base', switches: 'switch01', networks: 'cluster', osimages: 'compute', groups: 'compute' };
  for (const { method, path, answer } of apiRoutes) {
    if (method !== 'get' || 'stream' in answer) continue;
    const filled = path.replace(/\{\w+\}/g, names[path.split('/')[1] ?? ''] ?? 'node001');
    answers.push((await api.call('GET', filled)).text, (await api.call('GET', `${filled}?raw=1`)).text);
  }
  const events = await readEvents(api.socketPath, '?after=0.0');
  answers.push(JSON.stringify(await events.until(await store.db.collection('changes').countDocuments())));
  events.close();

  const places: [string, string][] = [...answers.map((text, i): [string, string] => [`answer ${i}`, text]), ['log', JSON.stringify(log.events)]];
  for (const { name } of await store.db.listCollections().toArray()) places.push([name, JSON.stringify(await store.db.collection(name).find({}).toArray())]);
  for (const file of readdirSync(documents.dataDir, { recursive: true, withFileTypes: true })) {
    if (file.isFile()) places.push([file.name, readFileSync(join(file.parentPath, file.name), 'latin1')]);
  }

  assert.deepEqual(places.filter(([, text]) => text.includes(SECRET)).map(([place]) => place), []);
  assert.ok(places.length > 60 && answers.some((text) => text.includes('"changed"')));
  assert.equal(await secretOf('bmcsetups', 'bmcsetup', 'base'), SECRET);
  assert.equal(await secretOf('switches', 'switch', 'switch02'), SECRET);
});

test('seals what an older luna stored plain', async () => {
  const store = site.store();
  await store.db.collection<{ _id: string; value: string }>('secrets').insertOne({ _id: 'bmcsetup/old', value: 'plain' });

  const first = await sealSecrets(store);
  const second = await sealSecrets(store);

  assert.deepEqual([first, second], [{ sealed: 1, lost: [] }, { sealed: 0, lost: [] }]);
  assert.equal(await readSecret(store, 'bmcsetup', 'old'), 'plain');
  assert.deepEqual(await store.db.collection<{ _id: string }>('secrets').countDocuments({ value: { $exists: true } }), 0);
});

test('seals everything with a new key, and with that alone', async () => {
  const store = site.store();
  const keys = async (): Promise<string[]> => [...new Set((await store.db.collection<{ _id: string; key: string }>('secrets').find({}).toArray()).map(({ key }) => key))];
  const before = await keys();

  const answer = await site.api().call('POST', '/secrets/rotate');
  const after = await keys();

  assert.equal(brief(answer), `200 {"sealed":${await store.db.collection('secrets').countDocuments()}}`);
  assert.deepEqual([before.length, after.length, before[0] === after[0]], [1, 1, false]);
  assert.equal(await readSecret(store, 'bmcsetup', 'old'), 'plain');
});

test('waits with a new key for a change that has sealed with the old one', async () => {
  const store = site.store();
  const [sealed, goOn] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const change = changeObjects(store, 'test', async (tx) => {
    await writeSecret(tx.store, tx.session, 'bmcsetup', 'late', SECRET);
    sealed.resolve(undefined);
    await goOn.promise;
  });
  await sealed.promise;

  const rotation = rotateSecretsKey(store, 'test');
  await Promise.race([rotation, sleep(1000)]);
  goOn.resolve(undefined);
  await Promise.all([change, rotation]);

  assert.equal(await readSecret(store, 'bmcsetup', 'late'), SECRET);
});

test('keeps both keys while a secret can not be opened', async () => {
  const store = site.store();
  await store.db.collection<{ _id: string; key: string; sealed: string }>('secrets').insertOne({ _id: 'bmcsetup/lost', key: 'gone', sealed: 'AAAA' });

  await assert.rejects(rotateSecretsKey(store, 'test'), { code: 'unavailable', message: 'no key opens the secrets of bmcsetup/lost; both keys stay' });

  assert.equal(await readSecret(store, 'bmcsetup', 'old'), 'plain');
});
