import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evidenceId, type Evidence } from '../../../domain/evidence.ts';
import { nextStep, reportedEvidence, type NextStep } from '../../../domain/next-step.ts';
import type { Boot } from '../../../domain/provision.ts';
import { armedBoot, order } from '../../support/boot-http.ts';

let minute = 0;
const time = (): string => new Date(Date.UTC(2026, 0, 1, 0, minute++)).toISOString();

/** Evidence written as `stage status attempt`, one minute after the other; `pxe.kernel` is a fresh start of the machine. */
function evidence(...words: string[]): Evidence[] {
  return words.map((word, seq) => {
    const [stage, status = 'ok', attempt = '1'] = word.split(' ');
    const key = { bootId: 'boot1', stage, attempt: Number(attempt), seq } as Pick<Evidence, 'bootId' | 'stage' | 'attempt' | 'seq'>;
    const at = time();
    return { _id: evidenceId(key), ...key, nodeId: 'node-1', runId: 'run1', status, message: 'why', log: '', facts: stage === 'pxe.kernel' ? { bootedAt: at } : {}, at } as Evidence;
  });
}

const run = (stage: string, attempt = 1): NextStep => ({ action: 'run', stage, attempt }) as NextStep;
const wait: NextStep = { action: 'wait' };
const live = (state: Boot['state'] = 'live'): Boot => armedBoot({ state });

describe('the next step of an agent', () => {
  const cases: [name: string, step: NextStep, expected: NextStep][] = [
    ['is to wait while nothing is ordered', nextStep(null, live(), []), wait],
    ['is to wait before its hello', nextStep(order('partition'), live('armed'), []), wait],
    ['is to wait while its run has failed', nextStep(order('partition'), live('held'), []), wait],
    ['is to wait while the machine is still expected to boot', nextStep(order('pxe'), live(), []), wait],
    ['is to wait when the order is for another boot', nextStep(order('partition', { bootId: 'boot2' }), live(), []), wait],
    ['is the first stage of the row', nextStep(order('partition'), live(), evidence('pxe.kernel')), run('prescript')],
    ['is the stage after the finished ones', nextStep(order('partition'), live(), evidence('prescript', 'setupbmc skipped')), run('partition')],
    ['leaves out what the order skips', nextStep(order('partition', { skip: ['setupbmc'] }), live(), evidence('prescript')), run('partition')],
    ['is a stage again that was begun and not finished', nextStep(order('download'), live(), evidence('download running')), run('download')],
    ['is to wait after a failure of this attempt', nextStep(order('download'), live(), evidence('download failed')), wait],
    ['is the failed stage again in the next attempt', nextStep(order('download', { attempt: 2 }), live(), evidence('download failed')), run('download', 2)],
    ['is not what an earlier attempt finished', nextStep(order('download', { attempt: 2 }), live(), evidence('download failed', 'download ok')), wait],
    ['is to wait when the row is done', nextStep(order('download'), live(), evidence('download')), wait],
    ['is to hand over when localboot is done', nextStep(null, live(), evidence('localboot')), { action: 'continue' }],
    ['is to hand over when only ready is awaited', nextStep(order('ready'), live(), []), { action: 'continue' }],
    ['is to hand over after the boot was handed over', nextStep(null, live('handedOver'), []), { action: 'continue' }],
    ['is to stop when the run has ended', nextStep(null, live('dead'), []), { action: 'abort', reason: 'the run of this boot has ended' }],
    ['repeats earlier rows after a restart, but for the BMC', nextStep(order('download'), live(), evidence('prescript', 'setupbmc', 'partition', 'pxe.kernel')), run('prescript', 2)],
    ['goes on through the earlier rows', nextStep(order('download'), live(), evidence('prescript', 'partition', 'pxe.kernel', 'prescript ok 2')), run('partition', 2)],
    ['repeats a finished stage of the row itself after a restart', nextStep(order('partition'), live(), evidence('prescript', 'pxe.kernel')), run('prescript', 2)],
    ['does not repeat what a person skipped', nextStep(order('unpack'), live(), evidence('download skipped', 'pxe.kernel')), run('unpack')],
    ['repeats nothing when only the agent restarted', nextStep(order('download'), live(), [...evidence('pxe.kernel', 'partition')]), run('download')],
  ];
  for (const [name, step, expected] of cases) test(name, () => { assert.deepEqual(step, expected); });
});

describe('a report', () => {
  const failed = (word: string): Evidence => evidence(word)[0] as Evidence;

  test('stands for itself', () => {
    const report = failed('download failed');
    assert.deepEqual(reportedEvidence(order('download'), report, []), [report]);
  });

  test('of a repeated stage that failed fails what is waited for', () => {
    const past = evidence('partition', 'pxe.kernel', 'download running');
    const [, second] = reportedEvidence(order('download', { attempt: 3 }), failed('partition failed 2'), past);
    assert.deepEqual([second?._id, second?.status], ['boot1/download/3/0', 'failed']);
  });

  test('of a repeated stage in the same row does so too, under a number of its own', () => {
    const past = evidence('prescript', 'partition running');
    const [, second] = reportedEvidence(order('partition', { skip: ['setupbmc'] }), failed('prescript failed 2'), past);
    assert.equal(second?._id, 'boot1/partition/1/2');
  });

  test('of a stage that was skipped while it ran fails nothing else', () => {
    const report = failed('download failed');
    assert.deepEqual(reportedEvidence(order('unpack'), report, evidence('partition')), [report]);
  });

  test('that is repeated adds nothing', () => {
    const report = failed('partition failed 2');
    assert.deepEqual(reportedEvidence(order('download'), report, [report]), [report]);
  });
});
