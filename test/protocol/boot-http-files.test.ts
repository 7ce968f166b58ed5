import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { artefact, NONCE, serve, testWorld, type World } from '../support/boot-http.ts';
import { ask } from '../support/http-client.ts';
import { until } from '../support/until.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
let world: World;
let server: Awaited<ReturnType<typeof serve>>;
const SIZE = 9_000_001;
const bytes = randomBytes(SIZE);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const kernel = { file: 'vmlinuz-by-content', sha256, size: SIZE };
const program = randomBytes(300_000);

/** The file's URL. */
const url = (): string => `${server.url}/boot/${kernel.file}`;
/** Runs a client that prints what it was served. */
const output = async (command: string, ...args: string[]): Promise<Buffer> =>
  (await run(command, args, { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, timeout: 60_000 })).stdout;
const curl = (...args: string[]): Promise<Buffer> => output('curl', '--silent', '--show-error', '--max-time', '50', ...args);

before(async () => {
  world = await testWorld();
  server = await serve(world);
  const { bootDir, torrentsDir } = world.deps;
  await writeFile(join(bootDir, kernel.file), bytes);
  await writeFile(join(bootDir, 'snponly.efi'), program);
  const tree = { file: `${sha256}.tar.zst`, sha256, size: SIZE, infoHash: 'b'.repeat(40), unpackedSize: SIZE };
  await writeFile(join(torrentsDir, tree.file), bytes);
  world.site.artefacts.set('art1', artefact({ kernel, tree }));
});
after(() => server.stop());

describe('curl', () => {
  test('gets a kernel whole, whose tag is the digest of its bytes', async () => {
    const headers = join(temporaryFolder('curl'), 'headers');

    const got = await curl('--dump-header', headers, url());

    assert.ok(got.equals(bytes));
    assert.match(await readFile(headers, 'latin1'), new RegExp(`ETag: "${sha256}"`));
  });

  test('goes on where a broken transfer ended', async () => {
    const path = join(temporaryFolder('curl'), 'kernel');
    await writeFile(path, bytes.subarray(0, 5_000_000));

    await curl('--continue-at', '-', '--output', path, url());

    assert.ok((await readFile(path)).equals(bytes));
  });

  test('gets several parts in one answer', async () => {
    const text = (await curl('--range', '0-9,8000000-8000009', url())).toString('latin1');

    assert.ok(text.includes(bytes.subarray(0, 10).toString('latin1')));
    assert.ok(text.includes(bytes.subarray(8_000_000, 8_000_010).toString('latin1')));
    assert.ok(text.includes(`Content-Range: bytes 8000000-8000009/${SIZE}\r\n`));
  });

  test('is not sent what it has, nor a part of what it has not begun', async () => {
    const folder = temporaryFolder('curl');
    const tag = join(folder, 'tag');
    await curl('--etag-save', tag, '--output', '/dev/null', url());
    const status = (...args: string[]): Promise<string> => curl('--output', '/dev/null', '--write-out', '%{http_code} %{size_download}', ...args, url()).then(String);

    assert.equal(await status('--etag-compare', tag), '304 0');
    assert.equal(await status('--range', '0-9', '--header', 'If-Range: "another version"'), `200 ${SIZE}`);
    assert.equal(await status('--range', `${SIZE}-`), '416 0');
    assert.equal(await status('--head'), '200 0');
  });

  test('keeps its connection over many files, asked for one after the other', async () => {
    const urls = Array.from({ length: 20 }, (_, i) => [`${url()}?${i}`, '--output', '/dev/null']).flat();

    const told = String(await curl('--write-out', '%{num_connects} %{size_download}\\n', ...urls));

    assert.equal(told, `1 ${SIZE}\n${`0 ${SIZE}\n`.repeat(19)}`);
  });

  test('gets the packed image with a nonce and not without', async () => {
    const image = `${server.url}/torrents/${sha256}.tar.zst`;

    assert.ok((await curl(`${image}?nonce=${NONCE}`)).equals(bytes));
    assert.equal(String(await curl('--output', '/dev/null', '--write-out', '%{http_code}', image)), '403');
  });
});

describe('other clients', () => {
  test('wget gets a kernel, and goes on with half of one', async () => {
    const folder = temporaryFolder('wget');
    const half = join(folder, kernel.file);
    await writeFile(half, bytes.subarray(0, 4_000_000));

    const whole = await output('wget', '--quiet', '--output-document=-', url());
    await output('wget', '--quiet', '--continue', `--directory-prefix=${folder}`, url());

    assert.ok(whole.equals(bytes));
    assert.ok((await readFile(half)).equals(bytes));
  });

  test('aria2 gets an image in pieces by many connections at once', async () => {
    const folder = temporaryFolder('aria2');

    await output('aria2c', '--no-conf', '--quiet', `--dir=${folder}`, '--out=image', '--split=8', '--min-split-size=1M', '--max-connection-per-server=8', `${server.url}/torrents/${sha256}.tar.zst?nonce=${NONCE}`);

    assert.ok((await readFile(join(folder, 'image'))).equals(bytes));
  });

  test('UEFI that boots by HTTP asks for the size of iPXE and then for iPXE', async () => {
    const at = `${server.url}/boot/ipxe/snponly.efi`;

    const head = await ask(at, { method: 'HEAD' });
    const got = await curl(at);

    assert.deepEqual([head.status, head.headers['content-length'], head.headers['content-type'], head.text], [200, '300000', 'application/efi', '']);
    assert.ok(got.equals(program));
    for (const other of ['ipxe.efi', 'nothing', '..%2fsnponly.efi', '%2e%2e', 'constructor']) assert.equal((await ask(`${server.url}/boot/ipxe/${other}`)).status, 404, other);
  });
});

describe('a file that is served', () => {
  test('breaks off when it becomes shorter, and the service goes on', async () => {
    const path = join(world.deps.bootDir, 'shrinks');
    await writeFile(path, Buffer.alloc(64 * 1024 * 1024));

    const broken = new Promise<string>((resolve) => {
      const got = fetch(`${server.url}/boot/shrinks`).then(async (res) => {
        await truncate(path, 100_000);
        return (await res.arrayBuffer()).byteLength;
      });
      got.then((size) => { resolve(`whole: ${size}`); }, () => { resolve('broken off'); });
    });

    assert.equal(await broken, 'broken off');
    assert.ok((await curl(url())).equals(bytes));
  });

  test('is told with its size and who got it, but never with a nonce', async () => {
    world.seen.length = 0;
    await curl(`${server.url}/torrents/${sha256}.tar.zst?nonce=${NONCE}`);
    // The last bytes reach the client before the service has taken note of it.
    await until(() => world.seen.length > 0);
    const [record] = world.seen;

    assert.equal(record?.saw, `GET /torrents/${sha256}.tar.zst?nonce=…`);
    assert.match(record.answered ?? '', /^200, 9000 KB in \d+ ms$/);
    assert.deepEqual([record.nodeId, record.ip, record.facts['bytes']], ['node-1', '127.0.0.1', SIZE]);
  });
});
