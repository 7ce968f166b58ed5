import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type Client, ServiceError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import { createPacks } from '../../../../infra/lifecycle/packs.ts';
import { createRuns } from '../../../../infra/lifecycle/runs.ts';

/** A Temporal whose every call about a workflow fails like this. */
function failing(error: Error): Client {
  const fail = (): Promise<never> => Promise.reject(error);
  const client = { withDeadline: (_at: number, call: () => unknown) => call(), workflow: { getHandle: () => ({ describe: fail, executeUpdate: fail }) } };
  return client as unknown as Client;
}
const away = failing(new ServiceError('Failed to describe workflow', { cause: new Error('14 UNAVAILABLE') }));
const unknown = failing(new WorkflowNotFoundError('workflow not found', 'pack/i1', undefined));
const image = { _id: 'i1', name: 'compute' };

it('does not take an absent Temporal for a pack that does not run', async () => {
  assert.equal(await createPacks(unknown).cancelPack(image), false);
  await assert.rejects(createPacks(away).cancelPack(image), { code: 'unavailable', message: 'Temporal did not answer: 14 UNAVAILABLE' });
});

it('hands on in its own words why a run can not be steered', async () => {
  const refused = failing(new WorkflowUpdateFailedError('Workflow Update failed', ApplicationFailure.nonRetryable('nothing is being waited for now', 'NothingRunning')));

  await assert.rejects(createRuns(refused).steer('n1', 'retry'), { code: 'conflict', message: 'nothing is being waited for now', next: 'luna provision status' });
  await assert.rejects(createRuns(unknown).steer('n1', 'retry'), { code: 'not-found', message: 'no run is going on' });
  await assert.rejects(createRuns(away).steer('n1', 'retry'), { code: 'unavailable' });
});
