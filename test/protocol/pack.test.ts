import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Artefact } from '../../domain/osimage.ts';
import { infoOf } from '../../infra/boot/torrent/metainfo.ts';
import { clearUnfinishedPacks, packImage, type PackProgress, type PackRequest } from '../../infra/image/pack.ts';
import { openImageKey } from '../../infra/image/image-key.ts';
import { builtPeer, demoTree, noSandbox } from '../support/agent-sandbox.ts';
import { type Program, programsOf, said } from '../support/programs.ts';
import { until } from '../support/until.ts';

const sum = (kind: string, data: Uint8Array) => createHash(kind).update(data).digest('hex');
const mountsIn = (dir: string) => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((line) => line.includes(dir));
/** Processes that have the folder in their arguments. */
const processesOf = (dir: string) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && said(pid, 'cmdline').includes(dir));

const openssl = async (...args: string[]): Promise<string> => (await promisify(execFile)('openssl', args)).stdout;

describe('packing an image', { skip: noSandbox(), timeout: 600_000 }, () => {
  let dir: string;
  let peer: string;
  let made: Artefact;
  const request = (more: Partial<PackRequest> = {}): PackRequest => ({
    osimage: { id: 'image1', name: 'compute', path: demoTree() ?? '', kernver: null, dracutmodules: 'luna', kernmodules: 'ipmi_devintf,ipmi_si,ipmi_msghandler' },
    dirs: { images: join(dir, 'images'), torrents: join(dir, 'torrents'), boot: join(dir, 'boot'), cache: join(dir, 'cache') },
    key: openImageKey({ file: join(dir, 'image.key'), made: true }),
    levels: { tree: 1, initramfs: 1 },
    peer,
    ...more,
  });
  before(async () => { [dir, peer] = [await mkdtemp(join(tmpdir(), 'pack-')), await builtPeer()]; });
  after(() => rm(dir, { recursive: true }));

  it('leaves nothing unfinished, mounted or running when it is killed', async () => {
    const { osimage, dirs, levels } = request();
    const source = (name: string) => JSON.stringify(join(import.meta.dirname, '../../infra/image', name));
    const code = `import { openImageKey } from ${source('image-key.ts')};
      import { packImage } from ${source('pack.ts')};
      await packImage({ osimage: ${JSON.stringify(osimage)}, dirs: ${JSON.stringify(dirs)}, levels: ${JSON.stringify(levels)}, peer: ${JSON.stringify(peer)}, key: openImageKey({ file: ${JSON.stringify(join(dir, 'image.key'))}, made: true }), onProgress: (p) => { console.log(p.message); } });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (text: Buffer) => { if (text.toString().includes('Including module')) resolve(); });
      child.once('close', () => { resolve(); });
    });
    assert.notDeepEqual(processesOf(dirs.images), [], 'dracut is at work');
    child.kill('SIGKILL');
    for (let tries = 0; processesOf(dirs.images).length > 0 && tries < 50; tries++) await sleep(100);

    assert.deepEqual(processesOf(dirs.images), []);
    assert.deepEqual(mountsIn(dir), []);
    assert.equal(readdirSync(join(dirs.images, '.packing')).length, 1);
    await clearUnfinishedPacks(dirs);
    assert.deepEqual(readdirSync(dirs.images), []);
    assert.ok(!existsSync(dirs.torrents));
  });

  for (const [what, phase, word, program] of [['dracut and all it started', 'initramfs', 'Including module', 'dracut'], ['tar and zstd', 'tree', '', 'zstd']] as const) {
    it(`ends ${what} when it is cancelled`, async () => {
      const stop = new AbortController();
      let running: Program[] = [];
      const onProgress = (progress: PackProgress): void => {
        if (progress.phase !== phase || !progress.message.includes(word) || stop.signal.aborted) return;
        running = programsOf(process.pid);
        stop.abort(new Error('cancelled'));
      };
      // At this level the tree takes minutes.
      const going = packImage(request({ signal: stop.signal, onProgress, levels: { tree: 19, initramfs: 1 } }));

      await assert.rejects(going, /cancelled/);

      assert.ok(running.some(({ argv }) => argv.includes(program)), `${program} was at work: ${JSON.stringify(running)}`);
      await until(() => running.every(({ pid }) => !existsSync(`/proc/${pid}`)));
      assert.deepEqual(readdirSync(join(dir, 'images/.packing')), []);
      assert.deepEqual([processesOf(dir), mountsIn(dir)], [[], []]);
    });
  }

  it('names every file by its content and sums it', async () => {
    const seen: PackProgress[] = [];
    made = await packImage(request({ onProgress: (progress) => { seen.push(progress); } }));

    for (const [folder, part] of [['boot', made.kernel], ['boot', made.initramfs], ['torrents', made.tree]] as const) {
      const data = readFileSync(join(dir, folder, part.file));
      assert.ok(part.file.startsWith(part.sha256));
      assert.equal(sum('sha256', data), part.sha256);
      assert.equal(data.length, part.size);
    }
    const torrent = readFileSync(join(dir, 'torrents', made.torrent));
    assert.equal(sum('sha1', infoOf(torrent)), made.tree.infoHash);
    assert.deepEqual(JSON.parse(readFileSync(join(dir, 'images', `${made._id}.json`), 'utf8')), made);
    assert.equal(made.network, 'networkd');
    assert.ok(made.kernel.size + made.initramfs.size < 24e6 * 1.15, 'packed for speed it is little more than packed for size');
    assert.deepEqual(seen.map((progress) => progress.percent), seen.map((progress) => progress.percent).sort((a, b) => a - b));
    assert.deepEqual([...new Set(seen.map((progress) => progress.phase))], ['check', 'initramfs', 'tree', 'publish', 'done']);
  });

  it('signs a manifest of every piece, of the kernel and of the initramfs', async () => {
    const file = join(dir, 'torrents', made.manifest?.file ?? '');
    const publicKey = join(dir, 'image.pub.pem');
    await openssl('pkey', '-in', join(dir, 'image.key'), '-pubout', '-out', publicKey);
    assert.match(await openssl('pkeyutl', '-verify', '-pubin', '-inkey', publicKey, '-rawin', '-in', file, '-sigfile', `${file}.sig`), /Verified Successfully/);

    const manifest = JSON.parse(readFileSync(file, 'utf8')) as { tree: { size: number; pieceLength: number; pieces: string; sha256: string }; rest: { pieceLength: number } };
    const tree = readFileSync(join(dir, 'torrents', made.tree.file));
    const rest = readFileSync(join(dir, 'torrents', made.rest?.file ?? ''));
    const pieces = (data: Buffer, length: number) => Array.from({ length: Math.ceil(data.length / length) }, (_, i) => sum('sha256', data.subarray(i * length, (i + 1) * length))).join('');
    assert.deepEqual(manifest, {
      artefact: made._id, osimage: 'compute', kernver: made.kernver,
      tree: { sha256: made.tree.sha256, size: tree.length, pieceLength: manifest.tree.pieceLength, pieces: pieces(tree, manifest.tree.pieceLength), infoHash: made.tree.infoHash },
      kernel: { sha256: made.kernel.sha256, size: made.kernel.size }, initramfs: { sha256: made.initramfs.sha256, size: made.initramfs.size },
      rest: { sha256: made.rest?.sha256, size: rest.length, pieceLength: manifest.rest.pieceLength, pieces: pieces(rest, manifest.rest.pieceLength), infoHash: made.rest?.infoHash },
    });
  });

  it('keeps no secret, no host key and no password in the initramfs', async () => {
    // Each part is one archive or several, one after another.
    const list = 'zstd -dc "$1" | while names=$(cpio -t --quiet) && [ -n "$names" ]; do printf "%s\\n" "$names"; done';
    const listed = async (file: string): Promise<string> => (await promisify(execFile)('sh', ['-c', list, 'list', join(dir, 'boot', file)], { maxBuffer: 16e6 })).stdout;
    const [first, rest] = [await listed(made.initramfs.file), await listed(made.rest?.file ?? '')];

    assert.match(first, /^usr\/lib\/luna\/peer$/m);
    assert.match(first, /^etc\/luna\/image\.pub$/m, 'the archive behind the first');
    assert.match(rest, /^usr\/s?bin\/sshd$/m);
    const names = first + rest;
    assert.match(names, /usr\/lib\/luna\/agent\.sh/);
    assert.doesNotMatch(names, /ssh_host_|etc\/shadow|machine-id/);
  });

  it('puts the peer and the key that verifies manifests into the initramfs', async () => {
    const into = await mkdtemp(join(dir, 'unpacked-'));
    await promisify(execFile)('sh', ['-c', 'zstd -dc "$1" | { cpio -idm --quiet usr/lib/luna/peer; cpio -idm --quiet; }', 'unpack', join(dir, 'boot', made.initramfs.file)], { cwd: into });

    assert.deepEqual(readFileSync(join(into, 'etc/luna/image.pub')), request().key.publicKey);
    await assert.rejects(promisify(execFile)(join(into, 'usr/lib/luna/peer'), []), /peer: open : no such file/, 'it runs here and misses its torrent');
  });

  it('makes nothing again that did not change', async () => {
    const phases: string[] = [];
    const again = await packImage(request({ onProgress: ({ phase, message }) => { phases.push(`${phase} ${message}`); } }));

    assert.deepEqual({ ...again, packedAt: made.packedAt }, made);
    assert.ok(!phases.some((phase) => phase.includes('dracut')));
  });

  it('gives each of two tries at once a folder of its own', async () => {
    let folders: string[] = [];
    const onProgress = (): void => {
      const now = readdirSync(join(dir, 'images/.packing'));
      if (now.length > folders.length) folders = now;
    };

    const both = await Promise.all([packImage(request({ onProgress })), packImage(request({ onProgress }))]);

    assert.deepEqual(both.map((one) => ({ ...one, packedAt: made.packedAt })), [made, made]);
    assert.equal(folders.length, 2);
    assert.deepEqual(readdirSync(join(dir, 'images/.packing')), []);
  });

  it('packs none of the controller’s own directories', async () => {
    await assert.rejects(packImage(request({ osimage: { ...request().osimage, path: '/' } })), /osimage .*: \/ is the controller's own/);
  });

  it('says which programs a tree lacks', async () => {
    const tree = join(dir, 'empty');
    for (const sub of ['boot', 'lib/modules/6.1.0']) await mkdir(join(tree, sub), { recursive: true });
    await writeFile(join(tree, 'boot/vmlinuz-6.1.0'), 'kernel');

    await assert.rejects(packImage(request({ osimage: { ...request().osimage, path: tree } })), /lacks dracut, bash, .*awk, .*curl.*, which its nodes need to install themselves/);
  });
});
