import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdir, open, utimes, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, it } from 'node:test';
import { clearAsides, placeFile, pruneFolder, writeAside } from '../../../../infra/image/content-files.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

describe('placing files', () => {
  let dir: string;
  beforeEach(() => { dir = temporaryFolder('content'); });

  for (const [name, place] of [
    ['a file', (target: string) => placeFile(join(dir, 'source'), target)],
    ['a file of others', (target: string) => placeFile(join(dir, 'source'), target, 'foreign')],
    ['bytes', (target: string) => writeAside(target, 'content')],
  ] as const) {
    it(`has ${name} on the disk before its name, and then its name`, async (t) => {
      await writeFile(join(dir, 'source'), 'content');
      await mkdir(join(dir, 'to'));
      const target = join(dir, 'to/target');
      const synced: string[] = [];
      const handle = await open(dir);
      const prototype = Object.getPrototypeOf(handle) as FileHandle;
      await handle.close();
      t.mock.method(prototype, 'sync', async function (this: FileHandle) {
        const path = readlinkSync(`/proc/self/fd/${this.fd}`);
        synced.push(path === join(dir, 'to') ? `folder, ${existsSync(target) ? 'named' : 'unnamed'}` : `${readFileSync(path, 'utf8')}, ${existsSync(target) ? 'named' : 'unnamed'}`);
        return Promise.resolve();
      });

      await place(target);

      assert.deepEqual(synced, ['content, unnamed', 'folder, named']);
    });
  }

  it('lets several place the same file at once, and leaves nothing beside it', async () => {
    const several = Array.from({ length: 8 }, (_, i) => join(dir, `source${i}`));
    for (const source of several) await writeFile(source, 'content');
    const target = join(dir, 'to/target');

    await Promise.all(several.map((source) => placeFile(source, target)));
    await Promise.all(several.map(() => writeAside(target, 'content')));

    assert.equal(readFileSync(target, 'utf8'), 'content');
    assert.deepEqual(readdirSync(join(dir, 'to')), ['target']);
  });

  it('removes what the dead left beside files, and no file', async () => {
    for (const name of ['archive.tar.zst', 'archive.tar.zst.17.new']) await writeFile(join(dir, name), '');

    await clearAsides(dir);
    await clearAsides(join(dir, 'nowhere'));

    assert.deepEqual(readdirSync(dir), ['archive.tar.zst']);
  });

  it('keeps the newest of a folder, whoever else clears it meanwhile', async () => {
    for (let i = 0; i < 50; i++) {
      await writeFile(join(dir, `${i}`), '');
      await utimes(join(dir, `${i}`), i, i);
    }

    await Promise.all(Array.from({ length: 8 }, () => pruneFolder(dir, 2)));

    assert.deepEqual(readdirSync(dir).sort(), ['48', '49']);
  });
});
