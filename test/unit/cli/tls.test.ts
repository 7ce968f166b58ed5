import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { after, before, test } from 'node:test';
import { apiTarget, callApi, followApi } from '../../../cli/api.ts';
import { selfSigned } from '../../../infra/tls/certificate.ts';

const pair = selfSigned(['127.0.0.1'], new Date());
const { fingerprint256: fingerprint } = new X509Certificate(pair.cert);
const heard: string[] = [];
const server = createServer(pair, (request, response) => {
  heard.push(`${request.url ?? ''} ${request.headers.authorization ?? ''}`);
  response.end(JSON.stringify({ ok: true }));
});
const folder = mkdtempSync(join(tmpdir(), 'luna-cli-tls-'));
let url = '';
before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  writeFileSync(join(folder, 'token'), 's3cret\n');
  writeFileSync(join(folder, 'fingerprint'), `${fingerprint}\n`);
});
after(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

const target = (env: Record<string, string>) => apiTarget({ LUNA_API: url, LUNA_TOKEN_FILE: join(folder, 'token'), ...env });

test('knows the controller by its fingerprint, however that is written', async () => {
  const spellings = [fingerprint, fingerprint.replaceAll(':', '').toLowerCase(), `sha256:${fingerprint}`, `SHA256 Fingerprint=${fingerprint}`];
  for (const spelling of spellings) assert.deepEqual(await callApi(target({ LUNA_API_FINGERPRINT: spelling }), 'GET', '/x'), { ok: true });
  assert.deepEqual(await Array.fromAsync(followApi(target({ LUNA_API_FINGERPRINT_FILE: join(folder, 'fingerprint') }), '/y')), ['{"ok":true}']);

  assert.deepEqual(heard.splice(0), [...spellings.map(() => '/x Bearer s3cret'), '/y Bearer s3cret']);
});

test('sends nothing, and no token, to another machine, and says both fingerprints', async () => {
  const other = fingerprint.replace(/^../, fingerprint.startsWith('00') ? '01' : '00');

  await assert.rejects(callApi(target({ LUNA_API_FINGERPRINT: other }), 'GET', '/x'), {
    code: 'forbidden',
    message: `${url} is not the controller that is known: its certificate has the fingerprint ${fingerprint}, and LUNA_API_FINGERPRINT is ${other}. Nothing was sent.`,
    next: 'on the controller: luna fingerprint; set LUNA_API_FINGERPRINT anew only when that is what it shows',
  });
  await assert.rejects(callApi(target({}), 'GET', '/x'), { code: 'forbidden', message: new RegExp(`^No authority vouches .*DEPTH_ZERO_SELF_SIGNED_CERT.* Its fingerprint is ${fingerprint}\\.$`) });
  assert.deepEqual(heard, []);
});

test('never sends a token in clear over a network', () => {
  assert.throws(() => apiTarget({ LUNA_API: 'http://controller:7051' }), { message: /would send the token in clear/, next: 'write it as https://controller:7051' });
  assert.throws(() => apiTarget({ LUNA_API: 'ftp://controller' }), { message: /is not a URL/ });
});

test('says that the API speaks TLS when it is called without', async () => {
  const plain = url.replace('https', 'http');

  await assert.rejects(callApi(apiTarget({ LUNA_API: plain }), 'GET', '/x'), { code: 'unavailable', message: `${plain} hung up: luna's API speaks TLS.`, next: `LUNA_API=${url}` });
});
