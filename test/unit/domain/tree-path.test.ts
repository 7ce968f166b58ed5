import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plainPath, treeMistake, treePathSchema } from '../../../domain/tree-path.ts';

test('writes a path in one way', () => {
  const table: [string, string][] = [['/os/a', '/os/a'], ['/os/a/', '/os/a'], ['//os///a//', '/os/a'], ['/', '/'], ['//', '/']];
  for (const [path, plain] of table) assert.equal(plainPath(path), plain);
});

test('takes a directory below one of the controller’s own, and none of these', () => {
  for (const path of ['/opt/luna/os/compute', '/srv/x', '/var/lib/warewulf/chroots/a/rootfs', '/os', '/home/..a']) assert.equal(treeMistake(path), null, path);
  for (const path of ['/', '//', '/etc', '/var/', '//usr//', '/srv', '/opt']) assert.match(treeMistake(path) ?? '', /is the controller's own: an image needs a directory of its own/, path);
  for (const path of ['/srv/../etc', '/srv/./x', '/..']) assert.match(treeMistake(path) ?? '', /must be written without \. and \.\./, path);
  assert.equal(treeMistake('os'), 'a path starts with /');
});

test('reads a declared path once, and says one mistake of it', () => {
  assert.equal(treePathSchema.parse('/os//a/'), '/os/a');
  for (const path of ['os', '', '/', '/a/..']) assert.equal(treePathSchema.safeParse(path).error?.issues.length, 1, path);
});
