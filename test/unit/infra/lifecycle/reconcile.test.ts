import assert from 'node:assert/strict';
import { it } from 'node:test';
import { reconcile } from '../../../../infra/lifecycle/reconcile.ts';
import { provisionStatus } from '../../../support/provision-status.ts';
import { silentLog } from '../../../support/silent-log.ts';

/** Reconciles the runs of these ids; `statuses` is what Temporal says when it is asked for one. */
async function reconciled(open: string[], running: string[], statuses: Record<string, string | null>) {
  const asked: string[] = [];
  const ended: string[] = [];
  const repaired = await reconcile({
    openRuns: async () => open.map((_id) => provisionStatus({ _id })),
    runningIds: async () => new Set(running),
    statusOf: async (_workflowId, runId) => {
      asked.push(runId);
      return statuses[runId] ?? null;
    },
    endRun: async (run, status) => { ended.push(`${run._id} ${status}`); },
    log: silentLog,
  });
  return { asked, ended, repaired };
}

it('ends what Temporal has ended, by its own word', async () => {
  const statuses = { a: 'COMPLETED', b: 'TERMINATED', c: null };

  const { ended, repaired } = await reconciled(['a', 'b', 'c'], [], statuses);

  assert.deepEqual(ended, ['a completed', 'b terminated', 'c terminated']);
  assert.equal(repaired, 3);
});

it('asks only for runs that the index does not have as running', async () => {
  const { asked, ended } = await reconciled(['a', 'b'], ['a'], { b: 'FAILED' });

  assert.deepEqual(asked, ['b']);
  assert.deepEqual(ended, ['b failed']);
});

it('leaves a run alone that the index does not know yet', async () => {
  const { ended, repaired } = await reconciled(['a'], [], { a: 'RUNNING' });

  assert.deepEqual(ended, []);
  assert.equal(repaired, 0);
});
