import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { projectRoot } from '../../infra/root.ts';
import { startStubApi } from '../support/stub-api.ts';

const names = Array.from({ length: 30_000 }, (_, i) => ({ name: `node${String(i).padStart(5, '0')}`, group: 'compute', interfaces: [], macs: [], status: null }));

/** How it ends in a real pipe: `luna` as it was built, behind bash. */
describe('output in a pipe', () => {
  let api: Awaited<ReturnType<typeof startStubApi>>;
  before(async () => { api = await startStubApi((call) => (call === 'GET /nodes' ? { json: names } : undefined)); });
  after(() => api.stop());

  function bash(line: string): Promise<{ stdout: string; stderr: string }> {
    const env = { ...process.env, PATH: [join(projectRoot, 'cli', 'bin'), process.env.PATH].join(':'), LUNA_DATA: api.dataDir };
    return new Promise((accept, reject) => {
      execFile('bash', ['-c', line], { env, timeout: 60_000 }, (error, stdout, stderr) => { if (error) reject(new Error(`${line}: ${error.message}`)); else accept({ stdout, stderr }); });
    });
  }

  it('ends quietly when its reader has seen enough', async () => {
    const { stdout, stderr } = await bash('luna node list -o name | head -n 1; echo "${PIPESTATUS[0]}"');

    assert.deepEqual([stdout, stderr], ['node00000\n141\n', '']);
  });

  it('arrives whole when its reader is slow', async () => {
    const { stdout } = await bash('luna node list -o name | (sleep 1; cat) | tail -n 1');

    assert.equal(stdout, 'node29999\n');
  });

  it('has no colours', async () => {
    const { stdout, stderr } = await bash('luna --help; luna node change --help; luna nodes 2>&1 || true; luna node show node1 2>&1 || true');

    assert.ok(!(stdout + stderr).includes('\u001b'), stdout + stderr);
    assert.match(stdout, /luna node change/);
  });
});
