import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chooseKernel, compareReleases } from '../../../../infra/image/kernel.ts';

describe('ordering kernel releases', () => {
  for (const [older, newer] of [
    ['6.1.0-9-amd64', '6.1.0-56-amd64'],
    ['5.14.0-427.el9.x86_64', '5.14.0-503.11.1.el9_5.x86_64'],
    ['6.1.0~rc1-amd64', '6.1.0-amd64'],
    ['6.9.12', '6.10.1'],
    ['3.10.0-1160.el7.x86_64', '3.10.0-1160.119.1.el7.x86_64'],
  ] as const) {
    it(`puts ${older} before ${newer}`, () => {
      assert.deepEqual([newer, older].sort(compareReleases), [older, newer]);
    });
  }
});

describe('choosing the kernel of a tree', () => {
  let tree: string;
  before(async () => {
    tree = await mkdtemp(join(tmpdir(), 'kernel-'));
    await mkdir(join(tree, 'boot'), { recursive: true });
    for (const kernver of ['6.1.0-9-amd64', '6.1.0-56-amd64', '7.0.0-unfinished']) await mkdir(join(tree, 'lib/modules', kernver), { recursive: true });
    for (const kernver of ['6.1.0-9-amd64', '6.1.0-56-amd64', '8.0.0-without-modules']) await writeFile(join(tree, 'boot', `vmlinuz-${kernver}`), '');
  });
  after(() => rm(tree, { recursive: true }));

  it('takes the newest that has an image and modules', async () => {
    assert.deepEqual(await chooseKernel(tree, null), { kernver: '6.1.0-56-amd64', path: join(tree, 'boot/vmlinuz-6.1.0-56-amd64') });
  });

  it('takes the one that is wanted', async () => {
    assert.equal((await chooseKernel(tree, '6.1.0-9-amd64')).kernver, '6.1.0-9-amd64');
  });

  it('names what there is when the one wanted is not there', async () => {
    await assert.rejects(chooseKernel(tree, '5.10.0'), /has no kernel 5\.10\.0; it has 6\.1\.0-9-amd64, 6\.1\.0-56-amd64/);
  });

  it('finds an image beside its modules, as Fedora puts it', async () => {
    await mkdir(join(tree, 'lib/modules/9.0.0'));
    await writeFile(join(tree, 'lib/modules/9.0.0/vmlinuz'), '');

    assert.equal((await chooseKernel(tree, null)).path, join(tree, 'lib/modules/9.0.0/vmlinuz'));
  });
});
