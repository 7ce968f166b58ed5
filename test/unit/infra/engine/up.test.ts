import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { bringDown } from '../../../../infra/engine/down.ts';
import { waitGone } from '../../../../infra/engine/process-identity.ts';
import { readPid } from '../../../../infra/engine/state-file.ts';
import { instanceStatus } from '../../../../infra/engine/status.ts';
import { bringUp } from '../../../../infra/engine/up.ts';
import { temporaryInstance } from '../../../support/instance.ts';

const supervisor = join(import.meta.dirname, '../../../support/fake-supervisor.ts');

/** An instance of fake parts, taken down after the test whatever happened. */
function fakeInstance(t: TestContext, parts: string) {
  return temporaryInstance(t, { LUNA_FAKE_PARTS: parts }, ({ env }) => bringDown(env));
}

test('returns when all parts are ready, and at once when luna is up already', async (t) => {
  const { env } = fakeInstance(t, 'api,boot');

  const first = await bringUp(env, { supervisor });
  const second = await bringUp(env, { supervisor });

  assert.equal(first.already, false);
  assert.deepEqual(first.state.parts.map((part) => part.state), ['ready', 'ready']);
  assert.equal(second.already, true);
  assert.deepEqual(second.state.supervisor, first.state.supervisor);
});

test('two at once bring up one instance', async (t) => {
  const { env, config } = fakeInstance(t, 'api');

  const both = await Promise.all([bringUp(env, { supervisor }), bringUp(env, { supervisor })]);

  assert.deepEqual(both[0].state.supervisor, both[1].state.supervisor);
  assert.equal(readFileSync(join(config.runDir, 'told'), 'utf8'), 'api started\n');
});

test('says why it could not start, and leaves nothing running', async (t) => {
  const { env } = fakeInstance(t, 'api,boot:fail');

  await assert.rejects(bringUp(env, { supervisor }), /luna could not be started: boot ended with exit code 7[^]*no licence/);

  assert.equal(instanceStatus(env).phase, 'stopped');
});

test('down stops all parts, and is content when there are none', async (t) => {
  const { env, config } = fakeInstance(t, 'api,boot:deaf');
  await bringUp(env, { supervisor });

  const first = await bringDown(env);
  const second = await bringDown(env);

  assert.deepEqual(first, { wasRunning: true, killed: ['boot'], leftovers: [] });
  assert.deepEqual(second, { wasRunning: false, killed: [], leftovers: [] });
  assert.ok(!existsSync(join(config.runDir, 'api.pid')));
});

test('stops what a crashed supervisor left before it starts anew', async (t) => {
  const { env, config } = fakeInstance(t, 'api');
  const first = await bringUp(env, { supervisor });
  const orphan = readPid(config, 'api');
  assert.ok(orphan);
  process.kill(first.state.supervisor.pid, 'SIGKILL');
  assert.ok(await waitGone(first.state.supervisor, 10_000));

  const seen = instanceStatus(env);
  const second = await bringUp(env, { supervisor });

  assert.equal(seen.phase, 'orphaned');
  assert.equal(seen.parts[0]?.health.reason, 'runs without a supervisor');
  assert.ok(await waitGone(orphan, 0), 'the orphan is gone');
  assert.notEqual(second.state.parts[0]?.pid, orphan.pid);
});

test('down finds what a crashed supervisor left', async (t) => {
  const { env } = fakeInstance(t, 'api');
  const { state } = await bringUp(env, { supervisor });
  process.kill(state.supervisor.pid, 'SIGKILL');
  assert.ok(await waitGone(state.supervisor, 10_000));

  const result = await bringDown(env);

  assert.deepEqual(result, { wasRunning: true, killed: [], leftovers: ['api'] });
});
