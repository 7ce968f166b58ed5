import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProvisionStatus } from '../../domain/run-views.ts';
import { cliSuite } from '../support/cli-suite.ts';
import { provisionStatus } from '../support/provision-status.ts';
import type { Stubbed } from '../support/stub-api.ts';

const done = (node: string): ProvisionStatus => provisionStatus({ _id: `run-${node}`, nodeName: node, status: 'completed', stage: 'ready', elapsed: 90, percent: null });
const failed = (node: string): ProvisionStatus =>
  provisionStatus({ _id: `run-${node}`, nodeName: node, status: 'failed', stage: 'postscript', reason: 'postscript ended with 3', next: `luna provision ${node} --retry --from postscript`, elapsed: 80 });
const started = (node: string): object => ({ node, workflowId: `provision/${node}`, runId: `run-${node}`, attached: false });

describe('provision', () => {
  let answers: Record<string, Stubbed | Stubbed[]> = {};
  const cli = cliSuite((call) => {
    const answer = answers[call];
    return Array.isArray(answer) ? (answer.length > 1 ? answer.shift() : answer[0]) : answer;
  });

  it('returns the ids with --no-wait', async () => {
    answers = { 'POST /provision': { json: [started('node001'), { ...started('node002'), attached: true }] } };

    const { stdout, code } = await cli.run('provision', 'node[001-002]', '--no-wait');

    assert.deepEqual(cli.seen(), [{ call: 'POST /provision', body: { nodes: ['node001', 'node002'] } }]);
    assert.equal(stdout, 'node001: provision/node001 run-node001\nnode002: provision/node002 run-node002 (was running already)\n');
    assert.equal(code, 0);
  });

  it('passes on where to retry from', async () => {
    answers = { 'POST /provision': { json: [started('node001')] } };

    await cli.run('provision', '-n', 'node001', '--retry', '--from', 'postscript', '--no-wait');

    assert.deepEqual(cli.seen()[0]?.body, { nodes: ['node001'], retry: true, from: 'postscript' });
  });

  it('refuses a stage that is none, and --from without --retry', async () => {
    assert.equal((await cli.run('provision', 'node001', '--retry', '--from', 'moon')).code, 2);
    assert.equal((await cli.run('provision', 'node001', '--from', 'postscript')).code, 2);
    assert.deepEqual(cli.seen(), []);
  });

  it('prints a line per change of stage where there is no terminal, and waits for the end', async () => {
    const running = (stage: ProvisionStatus['stage']): Stubbed => ({ json: [provisionStatus({ _id: 'run-node001', stage, elapsed: 10 })] });
    answers = { 'POST /provision': { json: [started('node001')] }, 'GET /provision?nodes=node001': [running('partition'), running('download'), running('download'), { json: [done('node001')] }] };

    const { stdout, code } = await cli.run('provision', 'node001');

    assert.equal(stdout, 'node001: partition (0:00:10)\nnode001: download (0:00:10)\nnode001: completed (0:01:30)\n');
    assert.equal(code, 0);
  });

  it("does not take an older run's end for this one's", async () => {
    const older = { ...failed('node001'), _id: 'older' };
    answers = { 'POST /provision': { json: [started('node001')] }, 'GET /provision?nodes=node001': [{ json: [older] }, { json: [done('node001')] }] };

    const { stdout, code } = await cli.run('provision', 'node001');

    assert.equal(stdout, 'node001: completed (0:01:30)\n');
    assert.equal(code, 0);
  });

  it('exits with 1 when a node failed, with the reason and the next command', async () => {
    answers = { 'POST /provision': { json: [started('node001'), started('node002')] }, 'GET /provision?nodes=node001,node002': { json: [done('node001'), failed('node002')] } };

    const { stdout, stderr, code } = await cli.run('provision', 'node001,node002');

    assert.match(stdout, /2 nodes: 1 completed, 1 failed/);
    assert.equal(stderr, 'node002: failed at postscript: postscript ended with 3\n  Next: luna provision node002 --retry --from postscript\n');
    assert.equal(code, 1);
  });

  it('installs the others when one is refused', async () => {
    answers = { 'POST /provision': { json: [{ node: 'node001', error: 'osimage compute is not packed' }, started('node002')] }, 'GET /provision?nodes=node002': { json: [done('node002')] } };

    const { stderr, code } = await cli.run('provision', 'node[001-002]');

    assert.match(stderr, /node001: Error: osimage compute is not packed/);
    assert.equal(code, 1);
  });

  it('waits for an API that is away for a while', async () => {
    answers = {
      'POST /provision': { json: [started('node001')] },
      'GET /provision?nodes=node001': [{ status: 503, error: { code: 'unavailable', message: 'Temporal is away' } }, { json: [done('node001')] }],
    };

    const { stdout, code } = await cli.run('provision', 'node001');

    assert.match(stdout, /does not answer[^]*completed/);
    assert.equal(code, 0);
  });

  it('gives the ends as JSON with --json', async () => {
    answers = { 'POST /provision': { json: [started('node001')] }, 'GET /provision?nodes=node001': { json: [done('node001')] } };

    assert.deepEqual(JSON.parse((await cli.run('provision', 'node001', '--json')).stdout), [done('node001')]);
  });

  it('shows where provisions are', async () => {
    answers = { 'GET /provision': { json: [provisionStatus({}), failed('node002')] } };

    const { stdout } = await cli.run('provision', 'status');

    assert.match(stdout, /\| node001 +\| download +\| 66 % +\| 0:00:42 +\| 11\.2 MB\/s in +\| - .*\n.*\| 3 neighbours /);
    assert.match(stdout, /\| node002 +\| failed at postscript +\| - +\| 0:01:20 +\| - +\| postscript ended with 3 /);
    assert.match(stdout, /\| Next: luna provision node002 --retry --from postscript/);
  });

  it('shows the log with the tail of each stage', async () => {
    const evidence = { at: '2024-05-01T10:31:07.000Z', stage: 'postscript', attempt: 2, status: 'failed', durationMs: 3200, message: 'ended with 3', log: 'line 1\nline 2\n' };
    answers = { 'GET /provision/node001/log': { json: [evidence] } };

    assert.equal((await cli.run('provision', 'log', 'node001')).stdout, '10:31:07 postscript failed (attempt 2) (0:00:03) ended with 3\n    line 1\n    line 2\n');
  });

  it('shows the history, and the stages of each run', async () => {
    const run = { ...done('node001'), endedAt: '2024-05-01T10:01:30.000Z', stages: [{ stage: 'download', startedAt: '2024-05-01T10:00:20.000Z', endedAt: '2024-05-01T10:00:50.000Z', status: 'ok' }] };
    answers = { 'GET /provision/node001/history': { json: [run] } };

    assert.match((await cli.run('provision', 'history', 'node001')).stdout, /\| 2024-05-01 10:00:00 +\| 0:01:30 +\| compute +\| completed/);
    assert.match((await cli.run('provision', 'history', 'node001', '--stages')).stdout, /\| download +\| 2024-05-01 10:00:20 +\| 0:00:30 +\| ok/);
  });

  it('cancels, and says what was not running', async () => {
    answers = { 'POST /provision/cancel': { json: [{ node: 'node001', cancelled: true }, { node: 'node002', cancelled: false }] } };

    const { stdout, code } = await cli.run('provision', 'cancel', 'node[001-002]');

    assert.equal(stdout, 'node001: cancelled\nnode002: was not running\n');
    assert.equal(code, 0);
  });

  it('retries or skips the stage a run is in', async () => {
    answers = { 'POST /provision/node001/stage': { json: 'postscript' } };

    assert.equal((await cli.run('provision', 'stage', 'node001', '--skip')).stdout, 'node001: postscript is skipped.\n');
    assert.deepEqual(cli.seen()[0]?.body, { action: 'skip' });
    assert.equal((await cli.run('provision', 'stage', 'node001')).code, 2);
  });

  describe('power', () => {
    it('prints a line per node, and exits with 1 when a BMC failed', async () => {
      answers = { 'POST /power': { json: [{ node: 'node001', state: 'on' }, { node: 'node002', error: 'no answer within 10 s' }] } };

      const { stdout, code } = await cli.run('power', 'node[001-002]', 'status');

      assert.deepEqual(cli.seen(), [{ call: 'POST /power', body: { nodes: ['node001', 'node002'], action: 'status' } }]);
      assert.equal(stdout, 'node001: on\nnode002: Error: no answer within 10 s\n');
      assert.equal(code, 1);
    });

    it('takes all nodes of groups', async () => {
      answers = { 'GET /nodes': { json: [{ name: 'node001', group: 'compute' }, { name: 'login01', group: 'login' }] }, 'POST /power': { json: [{ node: 'login01', state: 'off' }] } };

      const { stdout } = await cli.run('power', '-g', 'login', 'off');

      assert.deepEqual(cli.seen()[1]?.body, { nodes: ['login01'], action: 'off' });
      assert.equal(stdout, 'login01: off\n');
    });

    it('refuses an action that is none', async () => {
      assert.equal((await cli.run('power', 'node001', 'explode')).code, 2);
      assert.equal((await cli.run('power', 'node001')).code, 2);
    });
  });

  describe('osimage pack', () => {
    const pack = (change: object): Stubbed => ({ json: { state: 'running', phase: 'tree', percent: 10, message: '', ...change } });

    it('prints the phases and ends when it is packed', async () => {
      answers = { 'POST /osimages/compute/pack': { json: { workflowId: 'pack/1', runId: 'r1' } }, 'GET /osimages/compute/pack': [pack({}), pack({ phase: 'initramfs' }), pack({ state: 'done' })] };

      assert.equal((await cli.run('osimage', 'pack', '-n', 'compute')).stdout, 'tree\ninitramfs\nPacked osimage compute.\n');
    });

    it('fails with the reason', async () => {
      answers = { 'POST /osimages/compute/pack': { json: { workflowId: 'pack/1', runId: 'r1' } }, 'GET /osimages/compute/pack': pack({ state: 'failed', message: 'no kernel below /os/compute/boot' }) };

      const { stderr, code } = await cli.run('osimage', 'pack', 'compute');

      assert.match(stderr, /was not packed: no kernel below \/os\/compute\/boot\nNext: /);
      assert.equal(code, 1);
    });

    it('returns the ids with --no-wait', async () => {
      answers = { 'POST /osimages/compute/pack': { json: { workflowId: 'pack/1', runId: 'r1' } } };

      assert.match((await cli.run('osimage', 'pack', 'compute', '--no-wait')).stdout, /compute: pack\/1 r1/);
    });
  });
});
