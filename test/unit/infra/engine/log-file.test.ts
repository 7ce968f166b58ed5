import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { logTail, rotateLog } from '../../../../infra/engine/log-file.ts';

function logFile(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'luna-log-'));
  t.after(() => { rmSync(folder, { recursive: true }); });
  return join(folder, 'api.log');
}

test('returns the last lines written since a start', (t) => {
  const path = logFile(t);
  writeFileSync(path, 'of an earlier start\n');
  const start = statSync(path).size;
  appendFileSync(path, 'one\ntwo\n\nthree\n');

  assert.deepEqual(logTail(path, start, 2), ['two', 'three']);
  assert.deepEqual(logTail(join(path, 'absent'), 0, 2), []);
});

test('leaves the stack out of a crash', (t) => {
  const path = logFile(t);
  writeFileSync(path, 'Error: no such file\n    at open (node:fs:1:2)\n    at async main (file:///x.js:3:4)\n\nNode.js v24.21.0\n');

  assert.deepEqual(logTail(path, 0, 5), ['Error: no such file']);
});

test('moves a long log aside and leaves a short one', (t) => {
  const path = logFile(t);
  writeFileSync(path, 'short\n');
  rotateLog(path);
  assert.equal(existsSync(`${path}.1`), false);

  truncateSync(path, 65 * 1024 * 1024);
  rotateLog(path);

  assert.equal(statSync(path).size, 0);
  assert.equal(existsSync(`${path}.1`), true);
});
