import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { bundleWorkflowCode, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { temporalLogger } from '../../infra/lifecycle/temporal-log.ts';
import { projectRoot } from '../../infra/root.ts';
import { silentLog } from '../support/silent-log.ts';

const folder = join(projectRoot, 'test', 'fixtures', 'histories');
const histories = readdirSync(folder).filter((file) => file.endsWith('.json'));
let workflowBundle: WorkflowBundleWithSourceMap;

before(async () => {
  const logger = temporalLogger(silentLog);
  Runtime.install({ logger });
  // Fails when anything that workflows import, however deep, is not deterministic.
  workflowBundle = await bundleWorkflowCode({ workflowsPath: join(projectRoot, 'workflows', 'index.ts'), logger });
});

describe('workflow code', () => {
  it('has a recorded history for every way a provision can end', () => {
    for (const ending of ['completed', 'failed', 'cancelled', 'not-ready', 'bmc-refused', 'reattached', 'row-retried', 'row-skipped', 'unasked', 'raced']) {
      assert.ok(histories.includes(`provision-${ending}.json`), `${ending} is missing; record it: LUNA_RECORD=1 npm test -- workflow`);
    }
  });

  for (const file of histories) {
    it(`replays ${file}, so that runs which are open during an upgrade go on`, async () => {
      await Worker.runReplayHistory({ workflowBundle }, JSON.parse(readFileSync(join(folder, file), 'utf8')));
    });
  }

  it('is refused when it does other things than the history says', async () => {
    const history = JSON.parse(readFileSync(join(folder, 'provision-completed.json'), 'utf8').replaceAll('"powerOn"', '"somethingElse"')) as object;

    await assert.rejects(Worker.runReplayHistory({ workflowBundle }, history), { name: 'DeterminismViolationError' });
  });
});
