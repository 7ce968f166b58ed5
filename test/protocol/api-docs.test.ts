import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { projectRoot } from '../../infra/root.ts';
import { servedSite } from '../support/api.ts';

const site = servedSite();
const END = '--- the next example ---';

/** The examples that say `run`, each with what it prints, where that is told. */
function examples(): { script: string; prints: string | undefined }[] {
  const text = readFileSync(join(projectRoot, 'docs/api.md'), 'utf8');
  return [...text.matchAll(/^```sh run\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/gms)].map(([, script = '', prints]) => ({ script, prints }));
}

test('prints what docs/api.md says, by curl', async (t) => {
  if (spawnSync('curl', ['--version']).error) {
    t.skip('curl is not installed');
    return;
  }
  const { folder, port } = site.api();
  const all = examples();
  const script = all.map((example) => `${example.script}echo; echo '${END}'\n`).join('').replaceAll('controller:7051', `127.0.0.1:${port}`);

  const { stdout } = await promisify(execFile)('sh', ['-c', script], { cwd: folder, timeout: 60_000, env: { PATH: process.env.PATH } });

  const printed = stdout.split(`${END}\n`);
  assert.ok(all.length > 5);
  for (const [i, { script: lines, prints }] of all.entries()) {
    if (prints !== undefined) assert.equal(`${printed[i]?.trimEnd() ?? ''}\n`, prints, lines);
  }
});
