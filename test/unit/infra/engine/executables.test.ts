import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { findEngine } from '../../../../infra/engine/executables.ts';

/** A folder with `bin/temporal` on a PATH of its own, and the fetched one in a cache. */
function folders(t: TestContext) {
  const base = mkdtempSync(join(tmpdir(), 'luna-engines-'));
  t.after(() => { rmSync(base, { recursive: true }); });
  const place = (folder: string) => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'temporal'), '#!/bin/sh\n', { mode: 0o755 });
  };
  return { base, cache: join(base, 'cache'), fetched: join(base, 'cache', 'engines'), path: join(base, 'bin'), place };
}

test('takes the engine on PATH before the fetched one', (t) => {
  const { cache, fetched, path, place } = folders(t);
  place(path);
  place(join(fetched, 'bin'));

  assert.deepEqual(findEngine('temporal', cache, `/absent:${path}`), { path: join(path, 'temporal'), from: 'PATH', env: {} });
});

test('tells Python where the fetched modules are when there is no virtual environment', (t) => {
  const { cache, fetched, place } = folders(t);
  place(join(fetched, 'bin'));

  assert.deepEqual(findEngine('temporal', cache, '').env, { PYTHONPATH: fetched });
  writeFileSync(join(fetched, 'pyvenv.cfg'), '');
  assert.deepEqual(findEngine('temporal', cache, '').env, {});
});

test('names the engine that is missing and how to get it', (t) => {
  const { cache } = folders(t);

  assert.throws(() => findEngine('temporal', cache, ''), { code: 'unavailable', message: /The engine temporal is neither on PATH nor in /, next: /scripts\/setup\.sh$/ });
});
