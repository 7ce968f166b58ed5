import assert from 'node:assert/strict';
import { after, before, test, type TestContext } from 'node:test';
import type { Problem } from '../../domain/errors.ts';
import type { NodeView } from '../../domain/views.ts';
import { startApi } from '../support/api.ts';
import { brief, type CallApi } from '../support/call-api.ts';
import { startDocuments } from '../support/documents.ts';
import { siteStore } from '../support/site-store.ts';

let documents: Awaited<ReturnType<typeof startDocuments>>;
before(async () => { documents = await startDocuments(); });
after(async () => { await documents.stop(); });

async function served(t: TestContext): Promise<CallApi> {
  const store = await siteStore(documents.uri);
  const api = await startApi(store);
  t.after(async () => {
    await api.stop();
    await store.close();
  });
  await api.call('POST', '/nodes', { names: ['node001', 'node002', 'node003', 'node004', 'node005'], group: 'compute' });
  return api.call;
}

test('refuses with problem details around the error', async (t) => {
  const call = await served(t);

  const refused = await call('PATCH', '/nodes/nope', {});

  assert.equal(refused.headers['content-type'], 'application/problem+json; charset=utf-8');
  assert.deepEqual(refused.json, {
    type: 'urn:luna:not-found', title: 'Not Found', status: 404, detail: 'there is no node named nope',
    error: { code: 'not-found', message: 'there is no node named nope', next: 'luna node list' },
  });
});

test('lets one of two who saw the same revision win, and tells the other the present one', async (t) => {
  const call = await served(t);
  const { headers: { etag = '' } } = await call('GET', '/nodes/node001');

  const answers = await Promise.all(['left', 'right'].map((comment) => call('PATCH', '/nodes/node001', { comment }, { 'if-match': etag })));

  const [won, lost] = answers.sort((a, b) => a.status - b.status);
  assert.deepEqual([etag, won?.status, won?.headers.etag, lost?.status, lost?.headers.etag], ['"0"', 200, '"1"', 412, '"1"']);
  assert.equal((lost?.json as Problem).revision, 1);
  assert.match(brief(await call('DELETE', '/nodes/node001', undefined, { 'if-match': '"0"' })), /^412 conflict node node001 was changed meanwhile/);
  assert.match(brief(await call('DELETE', '/nodes/node001', undefined, { 'if-match': 'W/"1"' })), /^400 invalid If-Match: W\/"1" is no entity tag/);
  assert.equal((await call('PATCH', '/cluster', { comment: 'x' }, { 'if-match': '"7"' })).status, 412);
  assert.equal((await call('DELETE', '/nodes/node001', undefined, { 'if-match': '"1"' })).status, 204);
});

test('pages a list by links until its end', async (t) => {
  const call = await served(t);
  const seen: string[][] = [];
  let path: string | undefined = '/nodes?limit=2';

  while (path !== undefined) {
    const answer = await call('GET', path);
    seen.push((answer.json as NodeView[]).map(({ name }) => name));
    path = /^<\/api\/v1(.+)>; rel="next"$/.exec(String(answer.headers.link ?? ''))?.[1];
  }

  assert.deepEqual(seen, [['node001', 'node002'], ['node003', 'node004'], ['node005']]);
  assert.match(brief(await call('GET', '/nodes?limit=0')), /^400 invalid limit: /);
  assert.match(brief(await call('GET', '/nodes?limt=2')), /^400 invalid unknown field: limt; known are raw, limit, after$/);
});

test('answers HEAD as GET without its body, and 405 with the methods that are known', async (t) => {
  const call = await served(t);

  const head = await call('HEAD', '/nodes/node001');
  const wrong = await call('PUT', '/nodes/node001', {});
  const options = await call('OPTIONS', '/nodes/node001');

  assert.deepEqual([head.status, head.headers.etag, head.text], [200, '"0"', '']);
  assert.deepEqual([wrong.status, wrong.headers.allow], [405, 'GET, HEAD, PATCH, DELETE']);
  assert.deepEqual([options.status, options.headers.allow], [204, 'GET, HEAD, PATCH, DELETE']);
});

test('refuses a body that is too long or no JSON without repeating it', async (t) => {
  const call = await served(t);

  const long = await call('PATCH', '/groups/compute', { comment: 'x'.repeat(5_000_000) });
  const broken = await call('POST', '/bmcsetups', '{"name": "x", "password": "hunter2" oops');

  assert.equal(brief(long), '413 invalid the body is too long');
  assert.equal(brief(broken), '400 invalid the body is no JSON');
});

test('refuses a body of a type that it does not take, where it would pass for an empty one', async (t) => {
  const call = await served(t);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  const refused = await call('PATCH', '/nodes/node001', '{"comment":"x"}', form);
  const streamed = await call('PATCH', '/nodes/node001', '{"comment":"x"}', { ...form, 'transfer-encoding': 'chunked' });
  const site = await call('POST', '/site', 'luna: 2\n', form);

  assert.equal(brief(refused), "415 invalid a body of type application/x-www-form-urlencoded can't be read; PATCH /api/v1/nodes/node001 takes application/json");
  assert.deepEqual([refused.headers.accept, streamed.status], ['application/json', 415]);
  assert.match(brief(site), /POST \/api\/v1\/site takes application\/json, application\/yaml, application\/x-yaml, text\/\*$/);
  assert.equal((await call('GET', '/nodes/node001')).headers.etag, '"0"');
  assert.equal((await call('PATCH', '/nodes/node001', undefined, form)).status, 200);
});

test('describes itself in OpenAPI', async (t) => {
  const call = await served(t);

  const { openapi, paths } = (await call('GET', '/openapi.json')).json as { openapi: string; paths: Record<string, unknown> };

  assert.equal(openapi, '3.1.0');
  assert.ok('/nodes/{name}' in paths);
});

test('lists names alone, for the tab key', async (t) => {
  const call = await served(t);

  assert.deepEqual((await call('GET', '/names/nodes?prefix=node00&limit=2')).json, ['node001', 'node002']);
  assert.deepEqual((await call('GET', '/names/groups?prefix=comp')).json, ['compute']);
  assert.deepEqual((await call('GET', '/names/nothing')).json, []);
});
