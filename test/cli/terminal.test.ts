import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { provisionStatus } from '../support/provision-status.ts';
import { startStubApi } from '../support/stub-api.ts';

const host = join(import.meta.dirname, '../support/cli-once.ts');

describe('a command in a process of its own', () => {
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let polled: () => void = () => undefined;

  before(async () => {
    api = await startStubApi((call) => {
      if (call.startsWith('GET /provision') || call.startsWith('GET /osimages')) setTimeout(() => { polled(); }, 50);
      if (call === 'POST /provision') return { json: [{ node: 'node001', workflowId: 'w', runId: 'run1', attached: false }] };
      if (call.startsWith('GET /provision')) return { json: [provisionStatus({})] };
      if (call === 'GET /osimages/compute/pack') return { json: { state: 'running', phase: 'tree', percent: 1, message: '' } };
      return { json: {} };
    });
  });
  beforeEach(() => { api.seen.length = 0; });
  after(() => api.stop());

  /** Starts a command; collects what it prints. */
  function start(argv: string[], stdin: string | undefined, wrap: string[] = []): { child: ChildProcess; output: () => string; ended: Promise<number> } {
    const [command = '', ...args] = [...wrap, process.execPath, host, ...argv];
    const child = spawn(command, args, { env: { ...process.env, LUNA_DATA: api.dataDir, NODE_ENV: 'production', NO_COLOR: '1' } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    child.stdin.end(stdin);
    return { child, output: () => text, ended: once(child, 'exit').then(([code]) => Number(code)) };
  }

  it('takes a script from stdin', async () => {
    const { ended, output } = start(['group', 'change', '-n', 'compute', '--partscript', '-e'], 'mkfs.ext4 /dev/sda\nmount /dev/sda /sysroot\n\n');

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen, [{ call: 'PATCH /groups/compute', body: { partscript: 'mkfs.ext4 /dev/sda\nmount /dev/sda /sysroot' } }]);
  });

  it('refuses empty stdin, which in Luna 1 erased the script', async () => {
    const { ended, output } = start(['group', 'change', 'compute', '--partscript'], '');

    assert.equal(await ended, 255);
    assert.match(output(), /stdin is empty: the partscript of group compute stays as it is\nNext: .*--file \/dev\/null/);
    assert.deepEqual(api.seen, []);
  });

  it('does not take stdin for a missing name', async () => {
    const { ended } = start(['group', 'change', '--partscript'], 'compute');

    assert.equal(await ended, 2);
  });

  it('leaves a provision running on Ctrl-C and says how to look again', async () => {
    const asked = new Promise<void>((accept) => { polled = accept; });
    const { child, ended, output } = start(['provision', 'node001'], undefined);
    await asked;
    child.kill('SIGINT');

    assert.equal(await ended, 130, output());
    assert.match(output(), /Still going on. Look again: luna provision status node001/);
    assert.ok(api.seen.every(({ call }) => !call.includes('cancel')));
  });

  it('cancels a pack on Ctrl-C', async () => {
    const asked = new Promise<void>((accept) => { polled = accept; });
    const { child, ended, output } = start(['osimage', 'pack', 'compute'], undefined);
    await asked;
    child.kill('SIGINT');

    assert.equal(await ended, 130, output());
    assert.equal(api.seen.at(-1)?.call, 'DELETE /osimages/compute/pack');
  });
});
