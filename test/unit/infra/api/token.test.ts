import assert from 'node:assert/strict';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readOrMakeToken } from '../../../../infra/api/token.ts';
import { refused } from '../../../support/refused.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

test('makes a token that its owner alone can read, once', () => {
  const path = join(temporaryFolder('token'), 'sub/token');

  const token = readOrMakeToken(path);

  assert.match(token, /^[0-9a-f]{64}$/);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(readOrMakeToken(path), token);
});

test('closes a token file that others could read', () => {
  const path = join(temporaryFolder('token'), 'token');
  writeFileSync(path, 'a-token-of-the-site-itself\n');
  chmodSync(path, 0o644);

  assert.equal(readOrMakeToken(path), 'a-token-of-the-site-itself');
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('refuses a token that protects nothing', () => {
  const path = join(temporaryFolder('token'), 'token');
  writeFileSync(path, '\n');

  assert.throws(() => readOrMakeToken(path), refused('invalid', /too short/));
  assert.equal(readFileSync(path, 'utf8'), '\n');
});
