import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { listTree } from '../../../../infra/image/listing.ts';

describe('listing a tree', () => {
  let tree: string;
  const hash = async () => (await listTree(tree)).hash;
  before(async () => {
    tree = await mkdtemp(join(tmpdir(), 'listing-'));
    for (const dir of ['etc', 'proc', 'tmp']) await mkdir(join(tree, dir));
    await writeFile(join(tree, 'etc/a'), 'one');
  });
  after(() => rm(tree, { recursive: true }));

  it('gives the same hash for an unchanged tree', async () => {
    assert.equal(await hash(), await hash());
  });

  it('notices new content even when the modification time was set back', async () => {
    const before = await hash();
    await writeFile(join(tree, 'etc/a'), 'two');
    await utimes(join(tree, 'etc/a'), 1, 1);

    const first = await hash();
    assert.notEqual(first, before);
    await writeFile(join(tree, 'etc/a'), 'six');
    await utimes(join(tree, 'etc/a'), 1, 1);
    assert.notEqual(await hash(), first);
  });

  it('notices another mode', async () => {
    const before = await hash();
    await chmod(join(tree, 'etc/a'), 0o600);
    assert.notEqual(await hash(), before);
  });

  it('looks at files whose names are no UTF-8, and tells them apart', async () => {
    const named = (last: number): Buffer => Buffer.concat([Buffer.from(`${tree}/etc/`), Buffer.from([0x6c, last])]);
    await writeFile(named(0xff), '');
    const before = await hash();
    await rename(named(0xff), named(0xfe));

    assert.notEqual(await hash(), before);
    await rm(named(0xfe));
  });

  it('looks neither into /proc nor into /tmp', async () => {
    await writeFile(join(tree, 'tmp/x'), '');
    const before = await listTree(tree);
    await writeFile(join(tree, 'tmp/x'), 'changed');

    assert.equal(await hash(), before.hash);
    assert.equal(before.files, 4);
  });

  it('stops when it is told to', async () => {
    await assert.rejects(listTree(tree, { signal: AbortSignal.abort(new Error('enough')) }), /enough/);
  });
});
