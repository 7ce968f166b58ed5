import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bundleWorkflowCode, Runtime } from '@temporalio/worker';
import type { PowerAction, PowerAnswer } from '../../domain/power.ts';
import { temporalLogger } from '../../infra/lifecycle/temporal-log.ts';
import { projectRoot } from '../../infra/root.ts';
import { lifecycleWorld } from '../support/lifecycle-world.ts';
import { recordHistory } from '../support/record-history.ts';
import { silentLog } from '../support/silent-log.ts';

let world: Awaited<ReturnType<typeof lifecycleWorld>>;

before(async () => {
  const logger = temporalLogger(silentLog);
  Runtime.install({ logger });
  world = await lifecycleWorld(await bundleWorkflowCode({ workflowsPath: join(projectRoot, 'workflows', 'index.ts'), logger }));
});
after(() => world.stop());

/** Asks the BMC of one node, which does what it is told and never says so. */
async function unheard(action: PowerAction): Promise<{ answers: PowerAnswer[]; told: string[] }> {
  world.behave({ unheard: true });
  const before = world.told.length;
  const handle = await world.client.workflow.start<(input: object) => Promise<PowerAnswer[]>>('powerNodes', {
    workflowId: `power/${action}`, taskQueue: 'lifecycle', args: [{ nodes: [{ nodeId: 'n1', nodeName: 'node001' }], action, width: 16 }],
  });
  const answers = await handle.result();
  await recordHistory(handle, `power-${action}`);
  return { answers, told: world.told.slice(before) };
}

describe('asking a BMC whose answers get lost', () => {
  it('tries again what does no harm twice', async () => {
    assert.deepEqual((await unheard('off')).told, ['off', 'off']);
  });

  it('has a machine start anew only once', async () => {
    const { answers, told } = await unheard('cycle');

    assert.deepEqual(answers, [{ node: 'node001', error: 'no answer' }]);
    assert.deepEqual(told, ['cycle']);
    assert.deepEqual((await unheard('reset')).told, ['reset']);
  });
});
