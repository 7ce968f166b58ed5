import assert from 'node:assert/strict';
import { link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { type PackedDirs, type RemovePacked, removePacked } from '../../../../infra/image/remove-packed.ts';
import { packedVersion, placeVersion } from '../../../support/packed-version.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const HOUR = 3_600_000;

describe('removing packed files', () => {
  let dirs: PackedDirs;
  beforeEach(async () => {
    const data = temporaryFolder('packed');
    dirs = { images: join(data, 'images'), torrents: join(data, 'torrents'), boot: join(data, 'boot') };
    for (const folder of Object.values(dirs)) await mkdir(folder as string);
  });
  const files = async (): Promise<string[]> => (await Promise.all(Object.values(dirs).map((folder) => readdir(folder as string)))).flat().sort();
  const remove = (request: Partial<RemovePacked>, hours = 2) => removePacked(dirs, { gone: [], kept: [], now: Date.now() + hours * HOUR, goesOn: () => true, ...request });

  it('takes what only forgotten versions name, and leaves what versions share', async () => {
    const [old, next] = [packedVersion('a', { kernel: 'c' }), packedVersion('b', { kernel: 'c' })];
    await placeVersion(dirs, next);
    const left = await files();
    await placeVersion(dirs, old);

    const removed = await remove({ gone: [old], kept: [next] });

    assert.deepEqual(await files(), left);
    // Every file has ten bytes; the rest of the initramfs is one file under two names.
    assert.deepEqual(removed, { files: 9, bytes: 80 });
  });

  it('takes what a crash left after a day, and nothing that packing did not make', async () => {
    const [lost, kept] = [packedVersion('a'), packedVersion('b')];
    await placeVersion(dirs, kept);
    for (const name of ['README', 'notes.json', `${'c'.repeat(64)}.tar.zst.1.new`]) await writeFile(join(dirs.torrents, name), '');
    await mkdir(join(dirs.boot, `${'c'.repeat(64)}-rest`));
    const left = await files();
    await placeVersion(dirs, lost);

    assert.deepEqual(await remove({ kept: [kept] }, 23), { files: 0, bytes: 0 });
    assert.equal((await remove({ kept: [kept] }, 25)).files, 10);
    assert.deepEqual(await files(), left);
  });

  it('takes nothing that was touched within the hour', async () => {
    const [old, next] = [packedVersion('a'), packedVersion('b')];
    await placeVersion(dirs, old);

    assert.equal((await remove({ gone: [old], kept: [next] }, 0.9)).files, 0);
  });

  it('leaves all when the database knows no version', async () => {
    await placeVersion(dirs, packedVersion('a'));

    assert.equal((await remove({}, 100)).files, 0);
  });

  it('counts no bytes that the cache of packing still has, and stops when it is told to', async () => {
    const [old, next] = [packedVersion('a'), packedVersion('b')];
    await placeVersion(dirs, old);
    await link(join(dirs.torrents, old.tree.file), join(dirs.images, 'in the cache'));
    let asked = 0;

    const first = await remove({ gone: [old], kept: [next], goesOn: () => (asked += 1) <= 3 });
    const second = await remove({ gone: [old], kept: [next] });

    assert.deepEqual([first.files, second.files, first.bytes + second.bytes], [3, 7, 80]);
    assert.deepEqual(await files(), ['in the cache']);
  });

  it('finds nothing where nothing was ever packed', async () => {
    assert.deepEqual(await removePacked({ images: '/nowhere', torrents: '/nowhere', boot: '/nowhere' }, { gone: [], kept: [packedVersion('a')], now: 0, goesOn: () => true }), { files: 0, bytes: 0 });
  });
});
