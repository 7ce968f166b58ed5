import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { LunaError } from '../../../../domain/errors.ts';
import { type TreeLock, withTreeLock } from '../../../../infra/image/tree-lock.ts';

describe('the lock of an image\'s tree', () => {
  const runDir = mkdtempSync(join(tmpdir(), 'luna-lock-'));
  after(() => { rmSync(runDir, { recursive: true }); });
  const reader: TreeLock = { name: 'compute', runDir, shared: true };
  const writer: TreeLock = { ...reader, shared: false };
  const refused = (lock: TreeLock, words: RegExp): Promise<void> => assert.rejects(withTreeLock(lock, () => 'in'), (error) => {
    assert.ok(error instanceof LunaError && error.code === 'conflict');
    assert.match(error.message, words);
    return true;
  });

  it('lets one who changes it in alone', async () => {
    await withTreeLock(writer, async () => {
      await refused(writer, /^osimage compute is locked: somebody is in it/);
      await refused(reader, /^osimage compute is locked: somebody is changing it/);
      assert.equal(await withTreeLock({ ...writer, name: 'login' }, () => 'another image'), 'another image');
    });
  });

  it('lets readers in together', async () => {
    await withTreeLock(reader, async () => {
      assert.equal(await withTreeLock(reader, () => 'in'), 'in');
      await refused(writer, /or it is being packed/);
    });
  });

  it('is open again when the work fails', async () => {
    await assert.rejects(withTreeLock(writer, () => { throw new Error('broken'); }), /broken/);

    assert.equal(await withTreeLock(writer, () => 'in'), 'in');
  });

  it('says why it can\'t be had', async () => {
    await assert.rejects(withTreeLock({ ...writer, runDir: join(runDir, 'nowhere') }, () => 'in'), /osimage compute can't be locked: flock: .*No such file/);
  });
});
