import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { projectRoot } from '../../../infra/root.ts';
import { describedCall } from '../../support/described.ts';

/** Every call that is written out in the CLI: `GET /nodes/x/log`; what is filled in is an x. */
function calls(): string[] {
  const texts = globSync('cli/**/*.ts', { cwd: projectRoot }).map((file) => readFileSync(join(projectRoot, file), 'utf8'));
  const found = texts.flatMap((text) => [...text.matchAll(/'(GET|POST|PUT|PATCH|DELETE)', *(['`])\/api\/v1(\/.*?)\2/g)]);
  return found.map(([, method = '', , path = '']) => `${method} ${path.replace(/\$\{[^}]*\}/g, 'x').split('?')[0] ?? ''}`);
}

test('asks the API for nothing that it does not describe', () => {
  const found = calls();

  assert.ok(found.length > 30, `${found.length} calls were found`);
  assert.deepEqual(found.filter((call) => !describedCall(...call.split(' ') as [string, string])), []);
});
