import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Artefact } from '../../domain/osimage.ts';
import { infoOf } from '../../infra/boot/torrent/metainfo.ts';
import { clearUnfinishedPacks, packImage, type PackProgress, type PackRequest } from '../../infra/image/pack.ts';
import { demoTree, noSandbox } from '../support/agent-sandbox.ts';

const sum = (kind: string, data: Uint8Array) => createHash(kind).update(data).digest('hex');
const mountsIn = (dir: string) => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((line) => line.includes(dir));
/** Processes that have the folder in their arguments. */
const processesOf = (dir: string) => readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && argumentsOf(pid).includes(dir));
function argumentsOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

describe('packing an image', { skip: noSandbox(), timeout: 600_000 }, () => {
  let dir: string;
  let made: Artefact;
  const request = (more: Partial<PackRequest> = {}): PackRequest => ({
    osimage: { id: 'image1', name: 'compute', path: demoTree() ?? '', kernver: null, dracutmodules: 'luna', kernmodules: 'ipmi_devintf,ipmi_si,ipmi_msghandler' },
    dirs: { images: join(dir, 'images'), torrents: join(dir, 'torrents'), boot: join(dir, 'boot'), cache: join(dir, 'cache') },
    levels: { tree: 1, initramfs: 1 },
    ...more,
  });
  before(async () => { dir = await mkdtemp(join(tmpdir(), 'pack-')); });
  after(() => rm(dir, { recursive: true }));

  it('leaves nothing unfinished, mounted or running when it is killed', async () => {
    const { osimage, dirs, levels } = request();
    const code = `import { packImage } from ${JSON.stringify(join(import.meta.dirname, '../../infra/image/pack.ts'))};
      await packImage({ osimage: ${JSON.stringify(osimage)}, dirs: ${JSON.stringify(dirs)}, levels: ${JSON.stringify(levels)}, onProgress: (p) => { console.log(p.message); } });`;
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
    assert.ok(existsSync(join(dirs.images, '.packing/image1')));
    await clearUnfinishedPacks(dirs.images);
    assert.deepEqual(readdirSync(dirs.images), []);
    assert.ok(!existsSync(dirs.torrents));
  });

  it('stops when it is cancelled', async () => {
    const stop = new AbortController();
    const going = packImage(request({ signal: stop.signal, onProgress: ({ phase }) => { if (phase === 'initramfs') stop.abort(new Error('cancelled')); } }));

    await assert.rejects(going, /cancelled/);
    assert.deepEqual(readdirSync(join(dir, 'images/.packing')), []);
    assert.deepEqual(processesOf(dir), []);
  });

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
    assert.ok(made.kernel.size + made.initramfs.size < 45e6 * 1.15, 'packed for speed it is little more than packed for size');
    assert.deepEqual(seen.map((progress) => progress.percent), seen.map((progress) => progress.percent).sort((a, b) => a - b));
    assert.deepEqual([...new Set(seen.map((progress) => progress.phase))], ['check', 'initramfs', 'tree', 'publish', 'done']);
  });

  it('keeps no secret, no host key and no password in the initramfs', async () => {
    const image = join(dir, 'boot', made.initramfs.file);
    const names = await new Promise<string>((resolve) => {
      const list = spawn('sh', ['-c', 'zstd -dc "$1" | cpio -t --quiet', 'list', image], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      list.stdout.on('data', (part: Buffer) => { text += part.toString(); });
      list.once('close', () => { resolve(text); });
    });

    assert.match(names, /usr\/lib\/luna\/agent\.sh/);
    assert.doesNotMatch(names, /ssh_host_|etc\/shadow|machine-id/);
  });

  it('makes nothing again that did not change', async () => {
    const phases: string[] = [];
    const again = await packImage(request({ onProgress: ({ phase, message }) => { phases.push(`${phase} ${message}`); } }));

    assert.deepEqual({ ...again, packedAt: made.packedAt }, made);
    assert.ok(!phases.some((phase) => phase.includes('dracut')));
  });

  it('says which programs a tree lacks', async () => {
    const tree = join(dir, 'empty');
    for (const sub of ['boot', 'lib/modules/6.1.0']) await mkdir(join(tree, sub), { recursive: true });
    await writeFile(join(tree, 'boot/vmlinuz-6.1.0'), 'kernel');

    await assert.rejects(packImage(request({ osimage: { ...request().osimage, path: tree } })), /lacks dracut, awk, .*curl.*, which its nodes need to install themselves/);
  });
});
