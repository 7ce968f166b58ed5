import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Config } from '../../../../infra/config.ts';
import { askSupervisor } from '../../../../infra/engine/control.ts';
import { supervise } from '../../../../infra/engine/supervise.ts';
import { fakePart } from '../../../support/fake-part.ts';
import { temporaryInstance } from '../../../support/instance.ts';
import { recordedLog } from '../../../support/recorded-log.ts';

/** Supervises two fake workers while `ask` asks. */
async function whileUp(t: TestContext, ask: (config: Config) => Promise<void>): Promise<string[]> {
  const { config } = temporaryInstance(t);
  const stop = new AbortController();
  const socket = join(config.runDir, 'supervisor.sock');
  const running = supervise([fakePart('boot'), fakePart('seeder')], { config, log: recordedLog(), signal: stop.signal, limits: { stopMs: 2000 } });
  try {
    const end = Date.now() + 20_000;
    while (!existsSync(socket) && Date.now() < end) await new Promise((resolve) => { setTimeout(resolve, 20); });
    await ask(config);
  } finally {
    stop.abort();
    await running;
  }
  return readFileSync(join(config.runDir, 'told'), 'utf8').trim().split('\n');
}

test('stops and starts one part while the other goes on', async (t) => {
  const told = await whileUp(t, async (config) => {
    assert.equal((await askSupervisor(config, { action: 'stop', part: 'boot' })).state, 'stopped');
    assert.equal((await askSupervisor(config, { action: 'stop', part: 'boot' })).state, 'stopped');
    assert.equal((await askSupervisor(config, { action: 'start', part: 'boot' })).state, 'ready');
    const again = await askSupervisor(config, { action: 'start', part: 'boot' });
    assert.equal((await askSupervisor(config, { action: 'restart', part: 'boot' })).pid === again.pid, false);
  });

  assert.equal(told.filter((line) => line === 'boot started').length, 3);
  assert.equal(told.filter((line) => line === 'boot stopped').length, 3);
  assert.equal(told.filter((line) => line === 'seeder started').length, 1);
});

test('names its parts when asked for another', async (t) => {
  await whileUp(t, async (config) => {
    await assert.rejects(askSupervisor(config, { action: 'stop', part: 'moon' }), /no part named moon; it has boot, seeder/);
  });
});

test('ends though somebody keeps a question open', async (t) => {
  await whileUp(t, async (config) => {
    const silent = connect(join(config.runDir, 'supervisor.sock'));
    silent.on('error', () => undefined);
    await once(silent, 'connect');
  });
});

test('says that luna is not running when nobody answers', async (t) => {
  const { config } = temporaryInstance(t);

  await assert.rejects(askSupervisor(config, { action: 'start', part: 'boot' }), /luna is not running/);
});
