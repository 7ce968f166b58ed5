import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { type ApiTarget, apiTarget, callApi, followApi } from '../../../cli/api.ts';

/** An API on a unix socket that answers as `listener` does. */
async function api(t: TestContext, listener: RequestListener): Promise<ApiTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'luna-api-'));
  const server = createServer(listener).listen(join(folder, 'api.sock'));
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  return { socketPath: join(folder, 'api.sock') };
}

test('finds the instance by LUNA_DATA, or the API by its URL', () => {
  assert.deepEqual(apiTarget({}), { socketPath: '/var/lib/luna/run/api.sock' });
  assert.deepEqual(apiTarget({ LUNA_DATA: '/srv/luna' }), { socketPath: '/srv/luna/run/api.sock' });
  assert.deepEqual(apiTarget({ LUNA_API: 'https://controller:7051', LUNA_TOKEN_FILE: '/root/token' }), { url: new URL('https://controller:7051'), tokenFile: '/root/token', fingerprint: undefined });
  assert.throws(() => apiTarget({ LUNA_API: 'controller' }), { code: 'invalid', message: /is not a URL/ });
});

test('sends a body and returns the answer', async (t) => {
  const target = await api(t, (request, response) => {
    void request.toArray().then((chunks: Buffer[]) => response.end(JSON.stringify({ method: request.method, path: request.url, got: JSON.parse(Buffer.concat(chunks).toString()) as unknown })));
  });

  assert.deepEqual(await callApi(target, 'POST', '/api/v1/nodes', { name: 'node001' }), { method: 'POST', path: '/api/v1/nodes', got: { name: 'node001' } });
});

test('passes on what the API refuses, with the next command', async (t) => {
  const target = await api(t, (_, response) => {
    response.writeHead(409).end(JSON.stringify({ error: { code: 'taken', message: 'node001 exists already.', next: 'luna node show node001' } }));
  });

  await assert.rejects(callApi(target, 'POST', '/api/v1/nodes', {}), { code: 'taken', message: 'node001 exists already.', next: 'luna node show node001' });
});

test('makes sense of an answer that is not the API\'s', async (t) => {
  const target = await api(t, (_, response) => { response.writeHead(502).end('<html>bad gateway'); });

  await assert.rejects(callApi(target, 'GET', '/api/v1/nodes'), { code: 'unavailable', message: 'GET /api/v1/nodes was answered with HTTP 502.' });
});

test('says that luna is not running when nothing answers', async () => {
  await assert.rejects(callApi({ socketPath: '/absent/api.sock' }, 'GET', '/api/v1/nodes'), { code: 'unavailable', message: /luna is not running/, next: 'luna up' });
});

test('waits for a silent API only so long', async (t) => {
  const target = await api(t, () => undefined);

  await assert.rejects(callApi(target, 'GET', '/slow', undefined, { timeoutMs: 50 }), { code: 'unavailable', message: /did not answer GET \/slow/ });
});

test('shows the token on TCP', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'luna-token-'));
  t.after(() => { rmSync(folder, { recursive: true }); });
  writeFileSync(join(folder, 'token'), 's3cret\n');
  const server = createServer((request, response) => response.end(JSON.stringify(request.headers.authorization))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.close(); });
  const address = server.address();
  assert.ok(address && typeof address === 'object');
  const target = { url: new URL(`http://127.0.0.1:${address.port}`), tokenFile: join(folder, 'token') };

  assert.equal(await callApi(target, 'GET', '/'), 'Bearer s3cret');
  await assert.rejects(callApi({ ...target, tokenFile: '/absent/token' }, 'GET', '/'), { message: /The token file \/absent\/token can't be read/ });
});

test('follows an answer line by line, however it is cut', async (t) => {
  const target = await api(t, (_, response) => {
    response.write('one\ntw');
    setTimeout(() => { response.end('o\nthree'); }, 20);
  });

  assert.deepEqual(await Array.fromAsync(followApi(target, '/events')), ['one', 'two', 'three']);
});

test('calls again after the API has closed the connection of the last call unnoticed', async (t) => {
  const target = await api(t, (request, response) => {
    response.end('{}');
    setImmediate(() => request.socket.destroy());
  });

  await callApi(target, 'GET', '/first');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);

  assert.deepEqual(await callApi(target, 'POST', '/second', {}), {});
});
