import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { treePlaceMistake } from '../../../../infra/image/tree-place.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** A controller: luna's data in `lib/luna`, with the cache in it, its code in `luna`, and a key in `keys`. */
function controller() {
  const root = realpathSync(temporaryFolder('controller'));
  const at = (path: string): string => join(root, path);
  for (const path of ['lib/luna/cache/image/debian', 'lib/luna/torrents', 'luna/os/compute', 'keys']) mkdirSync(at(path), { recursive: true });
  return { at, own: { data: at('lib/luna'), cache: at('lib/luna/cache'), files: [at('luna'), at('keys/secrets.key')] } };
}

test('takes a tree beside what is luna’s own, and one that luna made', async () => {
  const { at, own } = controller();

  for (const path of ['luna/os/compute', 'lib/luna/cache/image/debian', 'lib/luna-2', 'lib/other/not/yet']) assert.equal(await treePlaceMistake(at(path), own), null, path);
});

test('takes no tree that holds luna’s data, code or keys, and none among its data', async () => {
  const { at, own } = controller();

  for (const path of ['lib', 'lib/luna', 'luna', 'keys']) assert.match(await treePlaceMistake(at(path), own) ?? '', /holds what is luna's own, .*: it would be packed for every node$/, path);
  for (const path of ['lib/luna/torrents', 'lib/luna/not/yet']) assert.match(await treePlaceMistake(at(path), own) ?? '', /lies in luna's own directory, .*lib\/luna$/, path);
});

test('follows links, of its own data too', async () => {
  const { at, own } = controller();
  symlinkSync('/', at('everything'));
  symlinkSync(at('lib/luna'), at('data'));

  assert.match(await treePlaceMistake(at('everything'), own) ?? '', /everything leads to \/: \/ is the controller's own/);
  assert.match(await treePlaceMistake(at('data/x'), own) ?? '', /data\/x leads to .*lib\/luna\/x: .* lies in luna's own directory/);
  assert.match(await treePlaceMistake(at('lib/luna/x'), { ...own, data: at('data') }) ?? '', /lies in luna's own directory/);
});
