import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleWorkflowCode, Runtime } from '@temporalio/worker';
import { temporalLogger } from '../../infra/lifecycle/temporal-log.ts';
import { projectRoot } from '../../infra/root.ts';
import { lifecycleWorld, type Machine } from '../support/lifecycle-world.ts';
import { recordHistory } from '../support/record-history.ts';
import { silentLog } from '../support/silent-log.ts';

type World = Awaited<ReturnType<typeof lifecycleWorld>>;
let world: World;
const labels = { groupName: 'compute', osimageName: 'compute' };

before(async () => {
  const logger = temporalLogger(silentLog);
  Runtime.install({ logger });
  const bundle = await bundleWorkflowCode({ workflowsPath: join(projectRoot, 'workflows', 'index.ts'), logger });
  world = await lifecycleWorld(bundle);
});
after(() => world.stop());

const start = (nodeId: string, mode: 'asked' | 'retry' | 'unasked' = 'asked') =>
  world.starter.start({ nodeId, nodeName: 'node001', mode, from: null }, labels);

/** Lets a run end, whatever becomes of it; its summary. */
async function ended(name: string, run: { workflowId: string; runId: string }) {
  const handle = world.client.workflow.getHandle(run.workflowId, run.runId);
  await handle.result().catch(() => undefined);
  await recordHistory(handle, `provision-${name}`);
  const summary = world.runOf(run.runId);
  assert.ok(summary, 'the run left a summary');
  return summary;
}

async function provision(name: string, machine: Machine, mode: 'asked' | 'retry' | 'unasked' = 'asked', nodeId = name) {
  world.behave(machine);
  return ended(name, await start(nodeId, mode));
}

describe('provisioning a node', () => {
  it('goes through every row in order and completes', async () => {
    const run = await provision('completed', {});

    assert.equal(run.status, 'completed');
    assert.deepEqual(run.entered, ['arm', 'power', 'discover', 'pxe.dhcp', 'prescript', 'download', 'unpack', 'network', 'localboot', 'ready']);
  });

  it('begins with the network boot when the machine boots unasked', async () => {
    const run = await provision('unasked', {}, 'unasked');

    assert.deepEqual(run.entered.slice(0, 2), ['arm', 'pxe.dhcp']);
    assert.equal(run.status, 'completed');
  });

  it('touches nothing when something is missing, and says what', async () => {
    const run = await provision('not-ready', { unpacked: true });

    assert.equal(run.status, 'failed');
    assert.deepEqual(run.entered, []);
    assert.deepEqual([run.reason, run.next], ['osimage compute is not packed', 'luna osimage pack compute']);
  });

  it('fails at once when the BMC refuses the login', async () => {
    const run = await provision('bmc-refused', { refused: true });

    assert.deepEqual([run.status, run.stage, run.next], ['failed', 'power', 'luna bmcsetup change base --password-file -']);
  });

  it('tries a failed stage again and goes on', async () => {
    const run = await provision('second-attempt', { fails: { partition: 1 } });

    assert.equal(run.status, 'completed');
  });

  it('closes as failed when the attempts are used up, and names the stage and its reason', async () => {
    const run = await provision('failed', { fails: { postscript: 2 } });

    assert.deepEqual([run.status, run.stage, run.reason, run.next], ['failed', 'postscript', 'postscript exited 3', 'luna provision node001 --retry']);
  });

  it('goes on with the agent that is still there when it is retried', async () => {
    await provision('retry-before', { fails: { postscript: 2 } }, 'asked', 'retried');

    const run = await provision('reattached', { agentAlive: true }, 'retry', 'retried');

    assert.equal(run.status, 'completed');
    assert.deepEqual(run.entered, ['arm', 'network', 'localboot', 'ready']);
  });

  it('ends when it is cancelled, and disarms', async () => {
    world.behave({ silentAt: 'download' });
    const run = await start('cancelled');
    while (world.orders.get('cancelled')?.row !== 'download') await sleep(50);

    await world.starter.cancel('cancelled');

    assert.equal((await ended('cancelled', run)).status, 'cancelled');
  });

  it('runs a row again when an operator says so', async () => {
    world.behave({ silentAt: 'download' });
    const run = await start('row-retried');
    while (world.orders.get('row-retried')?.row !== 'download') await sleep(50);

    assert.equal(await world.starter.steer('row-retried', 'retry'), 'download');

    assert.equal((await ended('row-retried', run)).status, 'completed');
  });

  it('goes on though the machine answers at the very moment the row is run again', async () => {
    world.behave({ silentAt: 'download' });
    for (const nth of [1, 2, 3, 4, 5]) {
      const node = `raced-${nth}`;
      const run = await start(node);
      while (world.orders.get(node)?.row !== 'download') await sleep(50);

      await Promise.all([world.starter.steer(node, 'retry'), world.answer(node)]);

      assert.equal((await ended('raced', run)).status, 'completed');
    }
  });

  it('takes a row as done when an operator says so', async () => {
    world.behave({ silentAt: 'ready' });
    const run = await start('row-skipped');
    while (world.orders.get('row-skipped')?.row !== 'ready') await sleep(50);

    await world.starter.steer('row-skipped', 'skip');

    assert.equal((await ended('row-skipped', run)).status, 'completed');
  });

  it('joins the run that is going on instead of starting a second, and refuses other inputs', async () => {
    world.behave({ silentAt: 'download' });
    const first = await start('joined');

    const second = await start('joined');

    assert.deepEqual([second.runId, second.attached], [first.runId, true]);
    await assert.rejects(world.starter.start({ nodeId: 'joined', nodeName: 'node001', mode: 'retry', from: 'unpack' }, labels), /is being provisioned already/);
    await world.starter.cancel('joined');
    await ended('joined', first);
  });
});
