import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { ProvisionStatus } from '../../domain/run-views.ts';
import { provisionStatus } from '../support/provision-status.ts';
import { startStubApi } from '../support/stub-api.ts';

const host = join(import.meta.dirname, '../support/cli-once.ts');

interface Started { child: ChildProcess; output: () => string; ended: Promise<number> }

function environment(dataDir: string): NodeJS.ProcessEnv {
  return { ...process.env, LUNA_DATA: dataDir, NODE_ENV: 'production', NO_COLOR: '1' };
}

function watch(child: ChildProcess): Started {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  child.stderr?.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  return { child, output: () => text, ended: once(child, 'close').then(([code]) => Number(code)) };
}

describe('a command in a process of its own', () => {
  let api: Awaited<ReturnType<typeof startStubApi>>;
  let polled: () => void = () => undefined;
  let onPassword: () => void = () => undefined;
  let runs: Partial<ProvisionStatus>[] = [];

  before(async () => {
    api = await startStubApi((call) => {
      if (call.startsWith('GET /provision') || call.startsWith('GET /osimages')) setTimeout(() => { polled(); }, 50);
      if (call === 'PATCH /bmcsetups/base') onPassword();
      if (call === 'POST /provision') return { json: [{ node: 'node001', workflowId: 'w', runId: 'run1', attached: false }] };
      if (call.startsWith('GET /provision')) return { json: [provisionStatus(runs.length > 1 ? runs.shift() ?? {} : runs[0] ?? {})] };
      if (call === 'GET /groups/compute') return { json: { name: 'compute', partscript: 'mount -t tmpfs tmpfs /sysroot', interfaces: [{ name: 'enp7s0', network: null, address: null, params: 'MTU=1500' }] } };
      if (call === 'GET /otherdevs/pdu01') return { json: { name: 'pdu01', rev: 4, comment: 'left rack' } };
      if (call === 'GET /osimages/compute/pack') return { json: { state: 'running', phase: 'tree', percent: 1, message: '' } };
      return { json: {} };
    });
  });
  beforeEach(() => {
    api.seen.length = 0;
    runs = [];
  });
  after(() => api.stop());

  /** Starts a command; collects what it prints. */
  function start(argv: string[], stdin: string | undefined): Started {
    const started = watch(spawn(process.execPath, [host, ...argv], { env: environment(api.dataDir) }));
    started.child.stdin?.end(stdin);
    return started;
  }

  /** Starts a command on a terminal of its own (util-linux `script` makes one); `env` is added to its environment. */
  function startOnTerminal(argv: string[], env: Record<string, string> = {}): Started {
    const line = [process.execPath, host, ...argv].map((word) => `'${word}'`).join(' ');
    return watch(spawn('script', ['-qefc', line, '/dev/null'], { env: { ...environment(api.dataDir), ...env, TERM: 'xterm' } }));
  }

  it('takes a script from stdin', async () => {
    const { ended, output } = start(['group', 'change', '-n', 'compute', '--partscript', '-e'], 'mkfs.ext4 /dev/sda\nmount /dev/sda /sysroot\n\n');

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen, [{ call: 'PATCH /groups/compute', body: { partscript: 'mkfs.ext4 /dev/sda\nmount /dev/sda /sysroot' } }]);
  });

  it('refuses empty stdin, which in Luna 1 erased the script', async () => {
    const { ended, output } = start(['group', 'change', 'compute', '--partscript'], '');

    assert.equal(await ended, 255);
    assert.match(output(), /stdin is empty: the partscript of group compute stays as it is\nNext: .*--clear/);
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

  it('takes a password off the process list as soon as luna has read it', async () => {
    let listed = '';
    const { child, ended, output } = start(['bmcsetup', 'change', 'base', '--password', 'Hush7391'], undefined);
    onPassword = () => { listed = readFileSync(`/proc/${child.pid ?? 0}/cmdline`, 'utf8'); };

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen, [{ call: 'PATCH /bmcsetups/base', body: { password: 'Hush7391' } }]);
    assert.match(listed, /^luna/);
    assert.doesNotMatch(listed, /Hush7391/);
  });

  it('asks for a community on a terminal, and shows none of it', async () => {
    const { child, ended, output } = startOnTerminal(['switch', 'change', 'switch01', '--read-file', '-']);
    child.stdout?.once('data', () => { child.stdin?.write('Hush7391\r'); });

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen, [{ call: 'PATCH /switches/switch01', body: { read: 'Hush7391' } }]);
    assert.match(output(), /^Community: /);
    assert.doesNotMatch(output(), /Hush/);
  });

  it('draws a line per node in place on a terminal', async () => {
    runs = [{ percent: 10 }, { percent: 20 }, { status: 'completed', stage: 'ready', percent: null }];

    const { ended, output } = startOnTerminal(['provision', 'node001']);

    assert.equal(await ended, 0, output());
    const drawn = output().split('\u001b[1A').map((part) => stripVTControlCharacters(part).replaceAll(/[\r\n]/g, ''));
    assert.match(drawn[0] ?? '', /^node001 {2}download .* 10 % .*11.2 MB\/s/);
    assert.match(drawn[1] ?? '', /^node001 {2}download .* 20 %/);
    assert.match(drawn[2] ?? '', /^node001 {2}completed/);
  });

  it('edits a script with $EDITOR on a terminal', async () => {
    const { ended, output } = startOnTerminal(['group', 'change', 'compute', '--partscript'], { EDITOR: 'sed -i s/tmpfs/ramfs/g', VISUAL: '' });

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen.at(-1), { call: 'PATCH /groups/compute', body: { partscript: 'mount -t ramfs ramfs /sysroot' } });
  });

  it('edits the comment of several, and asks only of the one that was shown that it be as it was', async () => {
    const { ended, output } = startOnTerminal(['otherdev', 'change', 'pdu01,pdu02', '--comment'], { EDITOR: 'sed -i s/left/right/', VISUAL: '' });

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen.slice(1), [
      { call: 'PATCH /otherdevs/pdu01', body: { comment: 'right rack', rev: 4 } },
      { call: 'PATCH /otherdevs/pdu02', body: { comment: 'right rack' } },
    ]);
  });

  it("shows a text on a terminal in Luna 1's first form, -n NAME without -e", async () => {
    const script = startOnTerminal(['group', 'change', '-n', 'compute', '--partscript'], { EDITOR: 'false', VISUAL: '' });
    assert.equal(await script.ended, 0, script.output());
    assert.match(script.output(), /^mount -t tmpfs tmpfs \/sysroot\r?\n$/);

    const lines = startOnTerminal(['group', 'change', '-n', 'compute', '-i', 'enp7s0'], { EDITOR: 'false', VISUAL: '' });
    assert.equal(await lines.ended, 0, lines.output());
    assert.match(lines.output(), /\[enp7s0\]\r?\nMTU=1500/);
    assert.ok(api.seen.every(({ call }) => call.startsWith('GET')));
  });

  it('edits it there with -e, of an interface too', async () => {
    const script = startOnTerminal(['group', 'change', '-n', 'compute', '--partscript', '-e'], { EDITOR: 'sed -i s/tmpfs/ramfs/g', VISUAL: '' });
    assert.equal(await script.ended, 0, script.output());
    assert.deepEqual(api.seen.at(-1), { call: 'PATCH /groups/compute', body: { partscript: 'mount -t ramfs ramfs /sysroot' } });

    const lines = startOnTerminal(['group', 'change', '-n', 'compute', '-i', 'enp7s0', '-e'], { EDITOR: 'sed -i s/1500/9000/', VISUAL: '' });
    assert.equal(await lines.ended, 0, lines.output());
    assert.deepEqual(api.seen.at(-1), { call: 'PATCH /groups/compute', body: { interfaces: [{ name: 'enp7s0', op: 'params', params: 'MTU=9000' }] } });
  });

  it('takes a text from stdin with or without -e, and one at a time', async () => {
    const given = start(['group', 'change', '-n', 'compute', '--post'], 'echo done\n');
    assert.equal(await given.ended, 0, given.output());
    assert.deepEqual(api.seen.at(-1), { call: 'PATCH /groups/compute', body: { postscript: 'echo done' } });

    const two = start(['group', 'change', '-n', 'compute', '--post', '--pre', '-e'], 'echo done\n');
    assert.equal(await two.ended, 2, two.output());
  });

  it('changes nothing when the editor fails', async () => {
    const { ended, output } = startOnTerminal(['group', 'change', 'compute', '--partscript'], { EDITOR: 'false', VISUAL: '' });

    assert.equal(await ended, 255);
    assert.match(output(), /nothing was changed/);
    assert.ok(api.seen.every(({ call }) => !call.startsWith('PATCH')));
  });

  it('asks for a password without showing it', async () => {
    const { child, ended, output } = startOnTerminal(['bmcsetup', 'add', 'base']);
    child.stdout?.on('data', () => { if (output().endsWith('(empty: ladmin): ')) child.stdin?.write('s3cret\r'); });

    assert.equal(await ended, 0, output());
    assert.deepEqual(api.seen, [{ call: 'POST /bmcsetups', body: { name: 'base', password: 's3cret' } }]);
    assert.doesNotMatch(output(), /s3cret/);
  });
});
