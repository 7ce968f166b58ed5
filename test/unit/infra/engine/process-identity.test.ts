import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { identify, isAlive, waitGone } from '../../../../infra/engine/process-identity.ts';

test('knows a living process and is not fooled by its pid alone', () => {
  const self = identify(process.pid);

  assert.ok(self);
  assert.equal(isAlive(self), true);
  assert.equal(isAlive({ pid: process.pid, born: 'another boot/1' }), false);
});

test('sees that a process is gone', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  const identity = identify(child.pid ?? 0);
  assert.ok(identity);

  assert.equal(await waitGone(identity, 0), false);
  child.kill('SIGKILL');

  assert.equal(await waitGone(identity, 10_000), true);
  assert.equal(identify(identity.pid), undefined);
});
