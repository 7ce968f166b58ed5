import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSecretBox } from '../../../../infra/store/secrets-key.ts';

const folder = mkdtempSync(join(tmpdir(), 'luna-secrets-'));
const file = join(folder, 'secrets.key');
after(() => { rmSync(folder, { recursive: true }); });

test('makes its key once, for its owner alone, and opens what it has sealed', () => {
  const box = openSecretBox({ file, made: true });
  const key = readFileSync(file, 'utf8');
  const sealed = box.seal('bmcsetup/1', 'pässword');

  assert.equal(openSecretBox({ file, made: true }).open('bmcsetup/1', sealed), 'pässword');
  assert.equal(readFileSync(file, 'utf8'), key);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.ok(!JSON.stringify(sealed).includes(key.trim()));
  assert.notEqual(box.seal('bmcsetup/1', 'pässword').sealed, sealed.sealed);
});

test('opens nothing that stands in another’s place, was changed, or has another key', () => {
  const box = openSecretBox({ file, made: true });
  const sealed = box.seal('bmcsetup/1', 'password');
  const bytes = Buffer.from(sealed.sealed, 'base64');
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  const other = openSecretBox({ file: join(folder, 'other.key'), made: true });

  assert.throws(() => box.open('bmcsetup/2', sealed), /the secret of bmcsetup\/2 can't be opened: it is not what was stored for it/);
  assert.throws(() => box.open('bmcsetup/1', { ...sealed, sealed: bytes.toString('base64') }), /it is not what was stored for it/);
  assert.throws(() => box.open('bmcsetup/1', { ...sealed, sealed: 'AAAA' }), /it is not what was stored for it/);
  assert.throws(() => other.open('bmcsetup/1', sealed), { message: /it was sealed with the key [0-9a-f]{8}, and .*other\.key holds/, next: /^bring back .*other\.key/ });
});

test('refuses a key that was named and is missing, no key, or everybody’s', () => {
  const named = join(folder, 'named.key');
  assert.throws(() => openSecretBox({ file: named, made: false }), { code: 'invalid', message: /can't be read/ });

  writeFileSync(named, 'short\n', { mode: 0o600 });
  assert.throws(() => openSecretBox({ file: named, made: false }), /holds no key: it must be 32 bytes in base64/);

  writeFileSync(named, Buffer.alloc(32).toString('base64'));
  chmodSync(named, 0o644);
  assert.throws(() => openSecretBox({ file: named, made: false }), /everybody can read/);
});

test('reads its file again for a key that another process has made meanwhile', async () => {
  const [one, another] = [openSecretBox({ file, made: true }), openSecretBox({ file, made: true })];

  const old = another.seal('bmcsetup/1', 'old');
  const sealed = await one.rotate(() => Promise.resolve(one.seal('bmcsetup/1', 'new')));
  const later = another.seal('bmcsetup/1', 'later');

  assert.equal(another.open('bmcsetup/1', sealed), 'new');
  assert.equal(one.open('bmcsetup/1', later), 'later');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.throws(() => one.open('bmcsetup/1', old), /it was sealed with the key/);
});
