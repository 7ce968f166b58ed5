import assert from 'node:assert/strict';
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openImageKey } from '../../../../infra/image/image-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'luna-image-key-'));
const file = join(folder, 'image.key');
after(() => { rmSync(folder, { recursive: true }); });

test('makes its key once, for its owner alone, and signs with it', () => {
  const { publicKey, sign } = openImageKey({ file, made: true });
  const text = Buffer.from('{"artefact":"1"}');
  const raw = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') }, format: 'jwk' });

  assert.deepEqual([publicKey.length, sign(text).length], [32, 64]);
  assert.ok(verify(null, text, raw, sign(text)));
  assert.ok(!verify(null, Buffer.from('{"artefact":"2"}'), raw, sign(text)));
  assert.deepEqual(openImageKey({ file, made: true }).publicKey, publicKey);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(readFileSync(file, 'utf8').startsWith('-----BEGIN PRIVATE KEY-----'));
});

test('refuses a key that was named and is missing, no key, another kind, or everybody’s', () => {
  const named = join(folder, 'named.key');
  const opened = () => openImageKey({ file: named, made: false });
  assert.throws(opened, { code: 'invalid', message: /named\.key, can't be read/, next: /openssl genpkey/ });

  writeFileSync(named, 'nonsense', { mode: 0o600 });
  assert.throws(opened, { message: /can't be read/ });
  writeFileSync(named, generateKeyPairSync('x25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
  assert.throws(opened, { message: /named\.key holds no ed25519 key/ });
  chmodSync(named, 0o644);
  assert.throws(opened, { message: /everybody can read the key of the images/, next: `chmod 600 ${named}` });
});
