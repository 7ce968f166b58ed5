import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { selfSigned } from '../../../../infra/tls/certificate.ts';
import { tlsIdentity } from '../../../../infra/tls/identity.ts';

const folder = mkdtempSync(join(tmpdir(), 'luna-tls-'));
after(() => { rmSync(folder, { recursive: true }); });
const files = { keyFile: join(folder, 'api.key'), certFile: join(folder, 'api.crt'), made: true };

test('signs a certificate for names and addresses of both families', () => {
  const { cert } = selfSigned(['controller', '10.30.255.254', 'fd00::1'], new Date('2026-01-02T03:04:05Z'));
  const read = new X509Certificate(cert);

  assert.ok(read.verify(read.publicKey));
  assert.equal(read.subjectAltName, 'DNS:controller, IP Address:10.30.255.254, IP Address:FD00:0:0:0:0:0:0:1');
  assert.deepEqual([read.validFromDate, read.validToDate], [new Date('2026-01-01T03:04:05Z'), new Date('2036-01-02T03:04:05Z')]);
  assert.deepEqual([read.ca, read.subject, read.publicKey.asymmetricKeyDetails?.namedCurve], [false, 'CN=luna', 'prime256v1']);
  assert.equal(new X509Certificate(selfSigned([], new Date('2045-06-01T00:00:00Z')).cert).validToDate.getUTCFullYear(), 2055);
});

test('satisfies OpenSSL in its strictest mood', (t) => {
  const { cert } = selfSigned(['controller'], new Date());
  const file = join(folder, 'strict.crt');
  writeFileSync(file, cert);
  const { status, stdout, stderr, error } = spawnSync('openssl', ['verify', '-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'controller', '-CAfile', file, file], { encoding: 'utf8' });
  if (error) {
    t.skip('openssl is not installed');
    return;
  }

  assert.equal(status, 0, `${stdout}${stderr}`);
});

test('makes key and certificate once, the key for its owner alone', () => {
  const first = tlsIdentity(files, '0.0.0.0');
  const second = tlsIdentity(files, '0.0.0.0');

  assert.match(first.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  assert.equal(second.fingerprint, first.fingerprint);
  assert.equal(statSync(files.keyFile).mode & 0o777, 0o600);
  assert.equal(readFileSync(join(folder, 'api.fingerprint'), 'utf8'), `${first.fingerprint}\n`);
  assert.match(new X509Certificate(first.cert).subjectAltName ?? '', /DNS:localhost, IP Address:127\.0\.0\.1/);
});

test('says which files do not fit together, and what to do', () => {
  const other = { keyFile: join(folder, 'other.key'), certFile: files.certFile, made: false };
  writeFileSync(other.keyFile, selfSigned([], new Date()).key);

  assert.throws(() => tlsIdentity(other, '0.0.0.0'), { code: 'invalid', message: /other\.key can't be used with .*api\.crt: / });
  assert.throws(() => tlsIdentity({ ...other, keyFile: join(folder, 'absent.key') }, '0.0.0.0'), { code: 'invalid', message: /ENOENT/, next: /^correct / });
});
