import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { chown, type FileHandle, link, mkdir, mkdtemp, open, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { archiveTree } from '../../../../infra/image/tree-archive.ts';
import { programsOf } from '../../../support/programs.ts';

const isRoot = process.getuid?.() === 0;

describe('archiving a tree', () => {
  let dir: string;
  const request = (name: string, more = {}) => ({ tree: join(dir, 'tree'), out: join(dir, name), level: 1, pieceLength: 32_768, ...more });
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'archive-'));
    for (const sub of ['etc', 'proc/1', 'tmp', 'var/tmp']) await mkdir(join(dir, 'tree', sub), { recursive: true });
    await writeFile(join(dir, 'tree/etc/a'), 'content');
    await link(join(dir, 'tree/etc/a'), join(dir, 'tree/etc/b'));
    await symlink('/etc/a', join(dir, 'tree/etc/c'));
    for (const gone of ['proc/1/status', 'tmp/x']) await writeFile(join(dir, 'tree', gone), '');
    await writeFile(join(dir, 'tree/var/tmp/y'), '');
    await writeFile(join(dir, 'tree/etc/holes'), '');
    await truncate(join(dir, 'tree/etc/holes'), 5_000_000);
    await writeFile(join(dir, 'tree/etc/large'), randomBytes(8_000_000));
    if (isRoot) await chown(join(dir, 'tree/etc/a'), 12345, 54321);
  });
  after(() => rm(dir, { recursive: true }));

  it('keeps hard links, holes and numeric owners, and leaves the contents of /proc and /tmp out', async () => {
    const archive = await archiveTree(request('a.tar.zst'));
    const out = join(dir, 'out');
    await mkdir(out);
    execFileSync('tar', ['-xf', archive.path, '-C', out, '--numeric-owner', '-I', 'zstd -d']);

    assert.equal(statSync(join(out, 'etc/a')).ino, statSync(join(out, 'etc/b')).ino);
    assert.ok(statSync(join(out, 'etc/holes')).blocks < 100);
    if (isRoot) assert.deepEqual([statSync(join(out, 'etc/a')).uid, statSync(join(out, 'etc/a')).gid], [12345, 54321]);
    assert.ok(existsSync(join(out, 'proc')) && !existsSync(join(out, 'proc/1')) && !existsSync(join(out, 'tmp/x')));
    assert.ok(existsSync(join(out, 'var/tmp/y')), 'only the top-level /tmp is transient');
  });

  it('sums what it writes, and writes the same bytes for the same tree', async () => {
    const [one, two] = [await archiveTree(request('1.tar.zst')), await archiveTree(request('2.tar.zst'))];
    const bytes = await readFile(one.path);

    assert.equal(one.sha256, createHash('sha256').update(bytes).digest('hex'));
    assert.equal(one.size, bytes.length);
    assert.equal(one.pieces.length, 20 * Math.ceil(bytes.length / 32_768));
    assert.equal(two.sha256, one.sha256);
  });

  it('knows the size of what it packs, and tells how far it is', async () => {
    const told: number[] = [];
    const { path, unpackedSize } = await archiveTree(request('3.tar.zst', { onBytes: (bytes: number) => { told.push(bytes); } }));

    assert.equal(unpackedSize, execFileSync('zstd', ['-dc', path], { maxBuffer: 100_000_000 }).length);
    assert.ok(told.length >= 5 && (told.at(-1) ?? 0) <= unpackedSize);
    assert.deepEqual(told, told.toSorted((a, b) => a - b));
  });

  it("fails with tar's own words", async () => {
    await assert.rejects(archiveTree(request('x', { tree: join(dir, 'nothing') })), /tar exited 2: .*nothing.*No such file/s);
  });

  describe('told to stop', { timeout: 60_000 }, () => {
    // Nobody empties this pipe, which the test holds open: zstd can't end by itself, nor can tar.
    let out: string;
    let held: FileHandle;
    before(async () => {
      out = join(dir, 'pipe');
      execFileSync('mkfifo', [out]);
      held = await open(out, 'r+');
      await writeFile(join(dir, 'tree/etc/larger'), randomBytes(64_000_000));
    });
    after(() => held.close());

    it('ends tar and zstd at their work', async () => {
      const stop = new AbortController();
      let running: number[] = [];
      const onBytes = (): void => {
        if (stop.signal.aborted) return;
        running = programsOf(process.pid).map(({ pid }) => pid);
        stop.abort(new Error('enough'));
      };

      await assert.rejects(archiveTree(request('pipe', { signal: stop.signal, onBytes })), /enough/);

      assert.ok(running.length > 0);
      assert.deepEqual(running.filter((pid) => existsSync(`/proc/${pid}`)), []);
      assert.deepEqual(programsOf(process.pid), []);
    });

    it('ends them when it was told before they began', async () => {
      const stop = new AbortController();
      const going = archiveTree(request('pipe', { signal: stop.signal }));
      stop.abort(new Error('enough'));

      await assert.rejects(going, /enough/);
      assert.deepEqual(programsOf(process.pid), []);
    });
  });
});
