import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { mappedFiles } from '../../../../../infra/boot/tftp/files.ts';

const directory = mkdtempSync(join(tmpdir(), 'luna-files-'));
const other = mkdtempSync(join(tmpdir(), 'luna-files-'));
after(() => [directory, other].forEach((one) => rmSync(one, { recursive: true })));

writeFileSync(join(directory, 'a'), 'first');
writeFileSync(join(directory, 'secret'), 'secret');
writeFileSync(join(other, 'a'), 'second');
writeFileSync(join(other, 'b'), 'only here');
symlinkSync('/etc', join(directory, 'etc'));
const files = mappedFiles({ directories: [directory, other], names: { a: 'a', old: 'a', b: 'b', gone: 'gone', etc: 'etc' } });

async function text(name: string): Promise<string | undefined> {
  return (await files(name))?.toString();
}

describe('mapped files', () => {
  it('come from the first directory that has them', async () => {
    assert.deepEqual([await text('a'), await text('b')], ['first', 'only here']);
  });

  it('go by their other names too', async () => assert.equal(await text('old'), 'first'));

  it('may be asked for with a leading slash', async () => assert.equal(await text('/a'), 'first'));

  it('are read once', async () => assert.equal(await files('a'), await files('old')));

  it('are read again when they changed', async () => {
    writeFileSync(join(other, 'b'), 'upgraded');

    assert.equal(await text('b'), 'upgraded');
  });

  const outside = ['', '/', '.', '..', 'secret', '../secret', './a', 'a/', 'etc', 'etc/passwd', '/etc/passwd', '..//a', 'a\\..\\b'];
  for (const name of [...outside, 'gone', '__proto__', 'constructor']) {
    it(`has nothing under ${JSON.stringify(name)}`, async () => assert.equal(await files(name), null));
  }
});
