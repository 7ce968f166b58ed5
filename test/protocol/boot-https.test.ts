import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { tlsIdentity } from '../../infra/tls/identity.ts';
import { armedBoot, MAC, NONCE, serve, testWorld, type World } from '../support/boot-http.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { run } from '../support/torrent.ts';

const folder = temporaryFolder('https');
const certFile = join(folder, 'boot.crt');
const bytes = randomBytes(3_000_000);
let world: World;
let server: Awaited<ReturnType<typeof serve>>;
let url: string;

before(async () => {
  world = await testWorld();
  world.boot = armedBoot();
  await writeFile(join(world.deps.bootDir, 'kernel'), bytes);
  server = await serve(world, { tls: tlsIdentity({ keyFile: join(folder, 'boot.key'), certFile, made: true, kind: 'rsa' }, '127.0.0.1') });
  url = `https://127.0.0.1:${server.address.port}`;
});
after(() => server.stop());

test('a client that was given the certificate gets a kernel by HTTPS, whole and in part', async () => {
  const file = join(folder, 'kernel');

  const whole = await run('curl', ['--silent', '--show-error', '--cacert', certFile, '--output', file, `${url}/boot/kernel`]);
  const part = await run('curl', ['--silent', '--cacert', certFile, '--range', '1-3', '--output', '/dev/null', '--write-out', '%{http_code} %{size_download}', `${url}/boot/kernel`]);

  assert.equal(whole.code, 0, whole.output);
  assert.ok((await readFile(file)).equals(bytes));
  assert.equal(part.output, '206 3');
});

test('wget trusts it too, and a client that was not given the certificate does not', async () => {
  const trusting = await run('wget', ['--quiet', `--ca-certificate=${certFile}`, '--output-document=/dev/null', `${url}/boot/kernel`]);
  const stranger = await run('curl', ['--silent', '--show-error', '--output', '/dev/null', `${url}/boot/kernel`]);

  assert.equal(trusting.code, 0, trusting.output);
  assert.equal(stranger.code, 60, stranger.output);
});

test('firmware that knows RSA and TLS 1.2 alone is served', async () => {
  const { code, output } = await run('curl', ['--silent', '--show-error', '--cacert', certFile, '--tls-max', '1.2', '--ciphers', 'AES128-SHA256', '--output', '/dev/null', `${url}/boot/kernel`]);

  assert.equal(code, 0, output);
});

test('a machine that asks for its script by HTTPS is led on by HTTPS', async () => {
  const { output } = await run('curl', ['--silent', '--cacert', certFile, '--interface', '127.0.0.5', `${url}/luna?step=boot&mac=${MAC}`]);

  assert.match(output, new RegExp(`\nkernel ${url}/boot/debian12-vmlinuz .*luna\\.nonce=${NONCE}`));
  assert.ok(output.includes(`chain --replace ${url}/luna?step=boot`), output);
});

test('a client that speaks HTTP to it is refused, and the next is served', async () => {
  const { code } = await run('curl', ['--silent', '--output', '/dev/null', url.replace('https', 'http')]);
  const noise = connect(server.address.port, '127.0.0.1');
  noise.on('error', () => undefined);
  noise.end('\x16\x03\x01 noise');
  await new Promise((resolve) => { noise.resume().once('close', resolve); });
  const next = await run('curl', ['--silent', '--cacert', certFile, '--output', '/dev/null', `${url}/boot/kernel`]);

  assert.notEqual(code, 0);
  assert.equal(next.code, 0, next.output);
});
