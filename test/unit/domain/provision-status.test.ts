import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence, Progress } from '../../../domain/evidence.ts';
import type { RunSummary } from '../../../domain/provision.ts';
import { provisionStatus } from '../../../domain/provision-status.ts';
import type { LunaStage } from '../../../domain/stages.ts';

const NOW = Date.parse('2026-01-01T00:02:00.000Z');
const at = (second: number): string => new Date(Date.parse('2026-01-01T00:00:00.000Z') + second * 1000).toISOString();
const entered = (stage: LunaStage, second: number) => ({ stage, startedAt: at(second), endedAt: null, status: 'running' });
const run = (change: Partial<RunSummary>): RunSummary => ({
  _id: 'r', workflowId: 'w', nodeId: 'n', nodeName: 'node001', groupName: 'g', osimageName: 'i', status: 'running', stage: 'pxe.dhcp', reason: '', next: '',
  startedAt: at(0), endedAt: null, stages: [entered('plan', 0), entered('power', 1), entered('pxe.dhcp', 10)], ...change,
});
const seen = (stage: LunaStage, second: number): Evidence => ({
  _id: '', bootId: 'b', nodeId: 'n', runId: 'r', stage, attempt: 1, seq: 0, status: 'ok', message: '', log: '', facts: {}, at: at(second),
});
const progress = (change: Partial<Progress>): Progress => ({ nodeId: 'n', bootId: 'b', stage: 'download', attempt: 1, percent: 50, rate: 1, peers: 2, message: 'm', at: at(100), ...change });

test('shows the stage within a row that was observed last', () => {
  const status = provisionStatus(run({}), [seen('pxe.dhcp', 20), seen('pxe.ipxe', 22)], undefined, NOW);

  assert.deepEqual([status.stage, status.luna1, status.elapsed, status.percent], ['pxe.ipxe', 'boot.request', 120, null]);
  assert.equal(status.stages.find(({ stage }) => stage === 'pxe.dhcp')?.endedAt, at(20));
});

test('shows what the running stage tells about itself', () => {
  const status = provisionStatus(run({ stages: [entered('download', 90)], stage: 'download' }), [], progress({}), NOW);

  assert.deepEqual([status.stage, status.percent, status.rate, status.peers, status.message], ['download', 50, 1, 2, 'm']);
});

test('ignores what a stage told that is over, or that an earlier run told', () => {
  const unpacking = run({ stages: [entered('unpack', 95)], stage: 'unpack' });

  assert.equal(provisionStatus(unpacking, [], progress({}), NOW).percent, null);
  assert.equal(provisionStatus(unpacking, [], progress({ stage: 'unpack', at: at(-60) }), NOW).percent, null);
  assert.equal(provisionStatus(unpacking, [], { at: at(100) }, NOW).stage, 'unpack');
});

test('takes an ended run as its summary tells it', () => {
  const ended = run({ status: 'failed', stage: 'download', endedAt: at(45), reason: 'no peers' });

  const status = provisionStatus(ended, [seen('unpack', 50)], progress({}), NOW);

  assert.deepEqual([status.stage, status.percent, status.elapsed, status.reason], ['download', null, 45, 'no peers']);
  assert.deepEqual(status.stages, ended.stages);
});
