import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rowOutcome } from '../../../domain/row-outcome.ts';
import { seen, waitingFor } from '../../support/evidence.ts';

describe('the outcome of a row', () => {
  it('is going while a stage of it has not ended', () => {
    assert.deepEqual(rowOutcome(waitingFor('partition'), [seen('prescript', 'ok'), seen('setupbmc', 'running')]), { is: 'going', stage: 'setupbmc' });
  });

  it('is done when each stage ended, whichever attempt did it', () => {
    const evidence = [seen('prescript', 'ok'), seen('setupbmc', 'skipped'), seen('partition', 'ok', { attempt: 1, message: '/dev/vda' })];

    assert.deepEqual(rowOutcome(waitingFor('partition', { attempt: 2 }), evidence), { is: 'done', message: '/dev/vda' });
  });

  it('leaves out stages that this node skips', () => {
    const evidence = [seen('prescript', 'ok'), seen('partition', 'ok')];

    assert.equal(rowOutcome(waitingFor('partition', { skip: ['setupbmc'] }), evidence).is, 'done');
  });

  it('is failed by a failure of the attempt that is waited for', () => {
    const evidence = [seen('prescript', 'ok'), seen('setupbmc', 'ok'), seen('partition', 'failed', { message: 'no /dev/vdb' })];

    assert.deepEqual(rowOutcome(waitingFor('partition'), evidence), { is: 'failed', stage: 'partition', message: 'no /dev/vdb' });
  });

  it('ignores failures of old attempts', () => {
    const evidence = [seen('download', 'failed', { attempt: 1 })];

    assert.deepEqual(rowOutcome(waitingFor('download', { attempt: 2 }), evidence), { is: 'going', stage: 'download' });
  });

  it('is done for a network boot by the hello alone, though packets before it were missed', () => {
    assert.equal(rowOutcome(waitingFor('pxe'), [seen('pxe.kernel', 'ok')]).is, 'done');
    assert.equal(rowOutcome(waitingFor('pxe'), [seen('pxe.dhcp', 'ok'), seen('pxe.ipxe', 'ok')]).is, 'going');
  });
});
